//! Secrets that are only looked up, never read: refresh tokens and API keys. The store knows
//! their digest; whoever reads the store can do nothing with it.

use crate::store::random_word;

/// Beginning of a refresh token.
pub const REFRESH: &str = "pcr_";
/// Beginning of an API key.
pub const API_KEY: &str = "pck_";

/// 32 letters of 5 bits: nobody guesses 160 bits, so a fast digest is enough.
const LETTERS: usize = 32;

/// A new secret; shown once.
pub struct Secret {
    text: String,
}

impl Secret {
    /// Begins with what it is, so that scanners for leaked secrets find it.
    #[must_use]
    pub fn new(kind: &str) -> Secret {
        Secret {
            text: format!("{kind}{}", random_word(LETTERS)),
        }
    }

    /// A password for somebody who may change it.
    #[must_use]
    pub fn password() -> String {
        /// Of 5 bits each.
        const LETTERS: usize = 20;
        random_word(LETTERS)
    }

    /// The secret itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the store knows of it.
    #[must_use]
    pub fn hash(&self) -> String {
        Secret::hash_of(&self.text)
    }

    /// What the store would know of this secret.
    #[must_use]
    pub fn hash_of(text: &str) -> String {
        let digest = blake3::derive_key("plancheck 2026 digest of a secret", text.as_bytes());
        blake3::Hash::from_bytes(digest).to_hex().to_string()
    }
}
