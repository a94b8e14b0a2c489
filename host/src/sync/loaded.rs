//! The model of a building that somebody looks at, and what was said of it.

use std::collections::VecDeque;

use serde_json::value::RawValue;
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::live::{Edited, Live};
use super::protocol::ToClient;
use crate::check::CheckError;
use crate::store::{Building, EditRecord};

/// Messages that are kept for clients that come back, and their bytes.
const KEPT: usize = 2_000;
const KEPT_BYTES: usize = 16 << 20;

/// The loaded model and what was said of it.
pub(super) struct Loaded {
    pub(super) building: Building,
    /// Of the building, with ruleset and engine: what numbers count in.
    pub(super) epoch: String,
    /// Of the rulesets of this process.
    pub(super) generation: u64,
    /// None while an edit is applied.
    pub(super) live: Option<Live>,
    /// Number of the last edit that is applied.
    pub(super) seq: i64,
    pub(super) kept: VecDeque<(i64, Utf8Bytes)>,
    pub(super) kept_bytes: usize,
    /// The full state as a message, until the next edit.
    pub(super) full: Option<Utf8Bytes>,
    /// Given back when it is dropped.
    pub(super) _place: OwnedSemaphorePermit,
}

impl Loaded {
    /// Whether it was checked with this ruleset and engine.
    pub(super) fn is_of(&self, ruleset: &str) -> bool {
        self.epoch
            .rsplit_once('.')
            .is_some_and(|(_, of)| of == ruleset)
    }

    pub(super) fn message(&self, edit: &EditRecord, edited: &Edited) -> (Utf8Bytes, Utf8Bytes) {
        let edits = RawValue::from_string(edit.edit.clone()).ok();
        let update = ToClient::ValidationUpdate {
            kind: "delta",
            epoch: &self.epoch,
            seq: edit.seq,
            report: None,
            delta: Some(&edited.delta),
            edits: edits.as_deref(),
            by: Some(&edit.actor),
            request: Some(&edit.request),
            refused: edited.refused.as_deref(),
        };
        let score = ToClient::ComplianceScore {
            epoch: &self.epoch,
            seq: edit.seq,
            summary: &edited.summary,
        };
        (update.text(), score.text())
    }

    pub(super) fn keep(&mut self, seq: i64, message: Utf8Bytes) {
        self.seq = seq;
        self.full = None;
        self.kept_bytes += message.len();
        self.kept.push_back((seq, message));
        while self.kept.len() > KEPT || self.kept_bytes > KEPT_BYTES {
            let Some((_, gone)) = self.kept.pop_front() else {
                break;
            };
            self.kept_bytes -= gone.len();
        }
    }

    /// Exactly what somebody missed who saw `seq` last; none where that is not known.
    pub(super) fn missed(&self, epoch: &str, seq: i64) -> Option<Vec<Utf8Bytes>> {
        if epoch != self.epoch || seq > self.seq || seq < 0 {
            return None;
        }
        let first = self.kept.front().map_or(self.seq + 1, |(first, _)| *first);
        if seq + 1 < first {
            return None;
        }
        let missed: Vec<Utf8Bytes> = self
            .kept
            .iter()
            .filter(|(number, _)| *number > seq)
            .map(|(_, message)| message.clone())
            .collect();
        // More than a client's queue takes: the full state is less.
        (missed.len() < 50).then_some(missed)
    }

    /// The full state as a message.
    pub(super) async fn full(&mut self) -> Result<Utf8Bytes, CheckError> {
        if let Some(full) = &self.full {
            return Ok(full.clone());
        }
        let Some(mut live) = self.live.take() else {
            return Err(CheckError::Cancelled);
        };
        let task = tokio::task::spawn_blocking(move || {
            let report = live.report();
            (live, report)
        });
        let (live, report) = task.await.map_err(|_| CheckError::Cancelled)?;
        self.live = Some(live);
        let report = report?;
        let full = ToClient::ValidationUpdate {
            kind: "full",
            epoch: &self.epoch,
            seq: self.seq,
            report: Some(&report),
            delta: None,
            edits: None,
            by: None,
            request: None,
            refused: None,
        };
        let text = full.text();
        self.full = Some(text.clone());
        Ok(text)
    }
}
