//! The messages of a live connection, JSON texts.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::auth::Role;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromClient {
    /// First: who it is, and what it saw last.
    Hello {
        /// An access token or a key.
        token: String,
        /// Of the last message with a number.
        epoch: Option<String>,
        /// Its number.
        seq: Option<i64>,
    },
    /// A new access token, before the old one expires.
    Renew {
        /// The token.
        token: String,
    },
    /// Edits of the model, as the engine takes them.
    Edit {
        /// What the client calls it: the message that answers it says so too. The same one again is
        /// not applied again.
        request: String,
        /// One or several.
        edits: Vec<serde_json::Value>,
    },
    /// Shows others what it is about.
    Highlight {
        /// GlobalIds.
        elements: Vec<String>,
        /// Id of a finding.
        finding: Option<String>,
    },
    /// Is anybody there?
    Ping,
}

/// What the server says. Messages with `epoch` and `seq` come in the order of `seq`, each once.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient<'a> {
    /// The answer to hello.
    ConnectionStatus {
        /// `connected`.
        status: &'static str,
        /// The building.
        building_id: &'a str,
        /// What numbers count in.
        epoch: &'a str,
        /// Number of the last edit that is in what follows.
        seq: i64,
        /// Exactly the missed messages follow; otherwise the full state.
        recovered: bool,
        /// Connections to this building at this replica.
        clients: usize,
        /// Who the server takes the client for.
        you: Person<'a>,
    },
    /// What is found: all of it, or what an edit changed.
    ValidationUpdate {
        /// `full`, `delta`.
        kind: &'static str,
        /// What numbers count in.
        epoch: &'a str,
        /// Number of the last edit in it.
        seq: i64,
        /// With `full`: the report.
        #[serde(skip_serializing_if = "Option::is_none")]
        report: Option<&'a RawValue>,
        /// With `delta`: added, resolved, changed findings, and the summary.
        #[serde(skip_serializing_if = "Option::is_none")]
        delta: Option<&'a RawValue>,
        /// With `delta`: the edits.
        #[serde(skip_serializing_if = "Option::is_none")]
        edits: Option<&'a RawValue>,
        /// With `delta`: who made them.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        /// With `delta`: what their sender called them.
        #[serde(skip_serializing_if = "Option::is_none")]
        request: Option<&'a str>,
        /// The engine refused one of the edits; those before it are applied.
        #[serde(skip_serializing_if = "Option::is_none")]
        refused: Option<&'a RawValue>,
    },
    /// How the building stands after an edit.
    ComplianceScore {
        /// What numbers count in.
        epoch: &'a str,
        /// Number of the edit.
        seq: i64,
        /// The report's summary.
        summary: &'a RawValue,
    },
    /// What somebody else is about.
    ValidationHighlight {
        /// Who.
        by: &'a str,
        /// GlobalIds.
        elements: &'a [String],
        /// Id of a finding.
        finding: Option<&'a str>,
    },
    /// How far the check is that must be made first.
    RuleCheck {
        /// Rules that were judged.
        judged: u64,
        /// Of so many.
        rules: u64,
    },
    /// Who is there.
    Presence {
        /// How many, at all replicas.
        clients: usize,
        /// Some of them.
        people: &'a [String],
    },
    /// An edit that was sent again has its number already. `epoch` is that of the model.
    EditKnown {
        /// What its sender called it.
        request: &'a str,
        /// The part before the first dot of what numbers count in.
        epoch: &'a str,
        /// Its number.
        seq: i64,
    },
    /// Something was not done.
    Error {
        /// For programs.
        code: &'a str,
        /// For people.
        message: &'a str,
        /// Of the message that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        request: Option<&'a str>,
    },
    /// Somebody is here.
    Pong,
}

/// Who the server takes a client for.
#[derive(Debug, Serialize)]
pub struct Person<'a> {
    /// Of the account or key.
    pub id: &'a str,
    /// For people.
    pub name: &'a str,
    /// What they are.
    pub role: Option<Role>,
}

impl ToClient<'_> {
    /// As it is sent.
    #[must_use]
    pub fn text(&self) -> Utf8Bytes {
        // Texts and numbers cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

/// What a client that joins sees first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// What numbers count in.
    pub epoch: String,
    /// Number of the last edit in what it was sent.
    pub seq: i64,
    /// Exactly the missed messages were sent.
    pub recovered: bool,
}
