//! The check behind a room: a loaded model, kept for edits.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::catalogue::Codes;
use crate::check::{CheckEngine, CheckError, CheckRequest, LiveCheck, ModelSource, Progress};

/// What a room checks.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) engine: CheckEngine,
    pub(super) codes: Codes,
    pub(super) model: Bytes,
    pub(super) timeout: Duration,
}

/// A check that goes on.
pub(super) struct Live {
    check: LiveCheck,
    timeout: Duration,
}

/// What an edit did.
pub(super) struct Edited {
    /// Added, resolved, changed, summary: JSON.
    pub(super) delta: Box<RawValue>,
    /// How the building stands: JSON.
    pub(super) summary: Box<RawValue>,
    /// Why one of the edits was refused: JSON.
    pub(super) refused: Option<Box<RawValue>>,
}

impl Live {
    /// Reads the model and checks it. Takes as long as a check; call it away from threads that serve.
    pub(super) fn open(
        subject: Subject,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Live, CheckError> {
        let request = CheckRequest {
            model: ModelSource::Bytes(&subject.model),
            ruleset: subject.codes.ruleset(),
            detail: false,
            until: Some(Instant::now() + subject.timeout),
        };
        let check = LiveCheck::open(&subject.engine, request, &mut |step| {
            if let Progress::Asked { judged, rules, .. } = step {
                progress(judged, rules);
            }
            ControlFlow::Continue(())
        })?;
        Ok(Live {
            check,
            timeout: subject.timeout,
        })
    }

    /// Applies edits, a JSON array, and checks what depends on them.
    pub(super) fn edit(&mut self, edits: &str) -> Result<Edited, CheckError> {
        #[derive(Deserialize)]
        struct Delta {
            summary: Box<RawValue>,
        }
        let until = Instant::now() + self.timeout;
        let (delta, refused) = self.check.edit(edits, until)?;
        let wrong = |error: serde_json::Error| CheckError::Mismatch(error.to_string());
        let Delta { summary } = serde_json::from_str(&delta).map_err(wrong)?;
        let refused = refused
            .map(RawValue::from_string)
            .transpose()
            .map_err(wrong)?;
        Ok(Edited {
            delta: RawValue::from_string(delta).map_err(wrong)?,
            summary,
            refused,
        })
    }

    /// The report as it is now.
    pub(super) fn report(&mut self) -> Result<Box<RawValue>, CheckError> {
        let report = self.check.report()?;
        RawValue::from_string(report).map_err(|error| CheckError::Mismatch(error.to_string()))
    }
}
