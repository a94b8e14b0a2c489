//! Access tokens: JWT (RFC 7519, `at+jwt` of RFC 9068), signed with HS256.
//!
//! Several keys may be known at once. The first one signs, all of them verify: to change keys, put the
//! new one first, and take the old one away when its last token has expired. A key's `kid` follows
//! from the key, so there is nothing else to configure.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::crypto;
use super::role::Role;
use crate::store::{new_id, now};

/// Of the header: no other kind of token passes for an access token.
const TYPE: &str = "at+jwt";
/// Clocks of replicas differ.
const LEEWAY_SECONDS: u64 = 30;
/// Bytes of a key: what HMAC-SHA256 makes use of.
const SHORTEST_KEY: usize = 32;
/// Letters of a token; ours have some 500.
const LONGEST: usize = 4096;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// This host.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// The user's id.
    pub sub: String,
    /// The session.
    pub sid: String,
    /// The user's name.
    pub name: String,
    /// The user's organisation.
    pub org: String,
    /// What the user may do.
    pub role: Role,
    /// Seconds since 1970.
    pub iat: i64,
    /// Seconds since 1970.
    pub exp: i64,
    /// Of this token.
    pub jti: String,
}

/// Keys that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// There is none.
    #[error("there is no key to sign tokens with")]
    None,
    /// It can be guessed.
    #[error(
        "key {0} to sign tokens with is shorter than {SHORTEST_KEY} bytes; `openssl rand -hex 32` makes one"
    )]
    Short(usize),
}

/// Why a token is not believed. For the log: clients are told nothing more than that it is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TokenError(String);

struct Key {
    kid: String,
    sign: EncodingKey,
    verify: DecodingKey,
}

/// Makes and reads access tokens.
pub struct Tokens {
    keys: Vec<Key>,
    issuer: String,
    audience: String,
    lives: i64,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids: Vec<&str> = self.keys.iter().map(|key| key.kid.as_str()).collect();
        f.debug_struct("Tokens")
            .field("kids", &kids)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// `keys` holds one key in each line, the one that signs first. Tokens live for `lives` seconds.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn new(keys: &str, issuer: &str, audience: &str, lives: i64) -> Result<Tokens, KeysError> {
        crypto::install();
        let lines = keys.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys: Vec<Key> = lines
            .enumerate()
            .map(|(at, secret)| {
                if secret.len() < SHORTEST_KEY {
                    return Err(KeysError::Short(at + 1));
                }
                let digest =
                    blake3::derive_key("plancheck 2026 key id of a token key", secret.as_bytes());
                Ok(Key {
                    kid: blake3::Hash::from_bytes(digest).to_hex()[..16].to_owned(),
                    sign: EncodingKey::from_secret(secret.as_bytes()),
                    verify: DecodingKey::from_secret(secret.as_bytes()),
                })
            })
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(KeysError::None);
        }
        Ok(Tokens {
            keys,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            lives,
        })
    }

    /// Seconds that a token lives.
    #[must_use]
    pub fn lives(&self) -> i64 {
        self.lives
    }

    /// A token for a session of a user.
    ///
    /// # Errors
    /// Never, with keys that [`Tokens::new`] took.
    pub fn issue(
        &self,
        user: &crate::store::User,
        session: &str,
    ) -> Result<(String, Claims), TokenError> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| TokenError("no key".to_owned()))?;
        let iat = now() / 1_000;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user.id.clone(),
            sid: session.to_owned(),
            name: user.name.clone(),
            org: user.organisation.clone(),
            role: user.role,
            iat,
            exp: iat + self.lives,
            jti: new_id("tok"),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &key.sign)
            .map_err(|error| TokenError(error.to_string()))?;
        Ok((token, claims))
    }

    /// What a token says, if it is one of ours and still good.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(&self, token: &str) -> Result<Claims, TokenError> {
        let no = |why: &str| Err(TokenError(why.to_owned()));
        if token.len() > LONGEST {
            return no("too long");
        }
        let header =
            jsonwebtoken::decode_header(token).map_err(|error| TokenError(error.to_string()))?;
        if header.alg != Algorithm::HS256 {
            return no("another algorithm than HS256");
        }
        if header.typ.as_deref() != Some(TYPE) {
            return no("no access token by its type");
        }
        // Found among our own: nothing that the header says is ever opened or fetched.
        let kid = header.kid.as_deref();
        let Some(key) = self.keys.iter().find(|key| Some(key.kid.as_str()) == kid) else {
            return no("signed with a key that is not known here");
        };
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY_SECONDS;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let read = jsonwebtoken::decode::<Claims>(token, &key.verify, &validation)
            .map_err(|error| TokenError(error.to_string()))?;
        if read.claims.iat > now() / 1_000 + LEEWAY_SECONDS as i64 {
            return no("issued in the future");
        }
        Ok(read.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::User;

    fn user() -> User {
        User {
            id: "usr_1".to_owned(),
            organisation: "main".to_owned(),
            name: "ada".to_owned(),
            role: Role::Architect,
            password_hash: String::new(),
            disabled: false,
            created_at: 0,
            updated_at: 0,
        }
    }

    const OLD: &str = "an old key that has at least thirty-two bytes";
    const NEW: &str = "a new key that has at least thirty-two bytes too";

    fn tokens(keys: &str) -> Tokens {
        Tokens::new(keys, "plancheck", "plancheck", 60).unwrap()
    }

    #[test]
    fn a_token_says_who_it_is_for() {
        let (token, claims) = tokens(NEW).issue(&user(), "ses_1").unwrap();
        assert_eq!(tokens(NEW).read(&token), Ok(claims));
    }

    #[test]
    fn keys_overlap_while_they_change() {
        let (old, _) = tokens(OLD).issue(&user(), "s").unwrap();
        let both = tokens(&format!("{NEW}\n{OLD}\n"));
        assert!(both.read(&old).is_ok());
        let (new, _) = both.issue(&user(), "s").unwrap();
        assert!(tokens(NEW).read(&new).is_ok());
        assert!(tokens(OLD).read(&new).is_err());
        assert!(tokens(NEW).read(&old).is_err());
    }

    #[test]
    fn weak_keys_are_refused() {
        let new = |keys| Tokens::new(keys, "i", "a", 60).map(|_| ());
        assert_eq!(new(""), Err(KeysError::None));
        assert_eq!(new("short"), Err(KeysError::Short(1)));
        assert_eq!(new(&format!("{NEW}\nshort")), Err(KeysError::Short(2)));
    }

    #[test]
    fn another_audience_or_issuer_is_refused() {
        let (token, _) = tokens(NEW).issue(&user(), "s").unwrap();
        for (issuer, audience) in [("other", "plancheck"), ("plancheck", "other")] {
            let other = Tokens::new(NEW, issuer, audience, 60).unwrap();
            assert!(other.read(&token).is_err());
        }
        let (expired, _) = Tokens::new(NEW, "plancheck", "plancheck", -31)
            .unwrap()
            .issue(&user(), "s")
            .unwrap();
        assert!(tokens(NEW).read(&expired).is_err());
    }
}
