//! Who asks.

use super::role::{Permission, Role};

/// What somebody proved to be somebody with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// An access token of this session.
    Session(String),
    /// An API key of this id.
    ApiKey(String),
    /// Nothing.
    Nobody,
}

/// Who asks, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Of the user or the key.
    pub id: String,
    /// For people.
    pub name: String,
    /// Whose buildings they see.
    pub organisation: String,
    /// None: nobody in particular, who may do only what is open to all.
    pub role: Option<Role>,
    /// How they proved it.
    pub proof: Proof,
    /// Seconds since 1970 at which the proof expires.
    pub expires: Option<i64>,
}

impl Caller {
    /// Nobody in particular.
    #[must_use]
    pub fn nobody() -> Caller {
        Caller {
            id: "anonymous".to_owned(),
            name: "anonymous".to_owned(),
            organisation: String::new(),
            role: None,
            proof: Proof::Nobody,
            expires: None,
        }
    }

    /// Whether they may do something.
    #[must_use]
    pub fn may(&self, what: Permission) -> bool {
        self.role.is_some_and(|role| role.may(what))
    }

    /// The session, where there is one.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match &self.proof {
            Proof::Session(session) => Some(session),
            Proof::ApiKey(_) | Proof::Nobody => None,
        }
    }
}
