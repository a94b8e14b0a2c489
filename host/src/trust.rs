//! Whose modules are loaded: keys that are trusted, and until when.
//!
//! A module `X.wasm` is signed by `X.wasm.minisig` beside it, as minisign writes it. A key that is
//! trusted is the base64 line of a minisign public key, with or without the comment above; after it may
//! stand until when it is trusted: `RWQ… until 2027-12-31`.

use std::fs;
use std::path::Path;

use plancheck_engine::module_file::{SignatureError, verify};
use plancheck_engine::rules::resolve::is_date;

use crate::check::Problem;
use crate::render::{cut, safe};

/// Letters of what is quoted as no key: more than a key has.
const LONGEST: usize = 60;

/// A key, and until when it is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// Base64, as minisign writes it.
    key: String,
    /// The last day; none: always.
    until: Option<String>,
}

/// Which files are taken.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// Files have to be signed by one of these; none: see `unsigned`.
    pub keys: Vec<TrustedKey>,
    /// Whether files without a signature of a trusted key are taken, with a note.
    pub unsigned: bool,
    /// Today, `2026-03-01`: keys expire.
    pub today: String,
}

/// What was found out about a file that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// By the key of this id.
    By(String),
    /// Nobody trusted signed it, and that is allowed; why it would be refused.
    No(String),
}

impl std::str::FromStr for TrustedKey {
    type Err = String;

    fn from_str(text: &str) -> Result<TrustedKey, String> {
        let line = text
            .lines()
            .map(str::trim)
            .rfind(|line| !line.is_empty())
            .unwrap_or_default();
        let mut words = line.split_whitespace();
        let key = words.next().unwrap_or_default().to_owned();
        let until = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some("until"), Some(date), None) if is_date(date) => Some(date.to_owned()),
            _ => return Err("after a key stands nothing, or until 2027-12-31".to_owned()),
        };
        // `Ed`, the one algorithm, in base64; the crate does not look at it.
        let ours = ["RWQ", "RWR", "RWS", "RWT"];
        let ours = ours.iter().any(|begin| key.starts_with(begin));
        match minisign::PublicKey::from_base64(&key) {
            Ok(_) if ours => Ok(TrustedKey { key, until }),
            _ => Err(format!(
                "`{}` is no public key of minisign: want its line RW… of 56 letters",
                cut(&safe(&key), LONGEST)
            )),
        }
    }
}

fn problem(code: &str, message: String) -> Problem {
    Problem {
        code: code.to_owned(),
        message,
    }
}

impl Trusted {
    /// Keys of a file: a line for each, comments begin with `#` or `untrusted comment:`.
    ///
    /// # Errors
    /// The file cannot be read, or a line is no key.
    pub fn read_keys(path: &Path) -> Result<Vec<TrustedKey>, String> {
        let at = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|error| at(&error))?;
        let lines = text.lines().map(str::trim).filter(|line| {
            !line.is_empty() && !line.starts_with('#') && !line.starts_with("untrusted comment:")
        });
        let keys: Vec<TrustedKey> = lines
            .map(|line| line.parse().map_err(|why: String| at(&why)))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(at(&"there is no key"));
        }
        Ok(keys)
    }

    /// Whether a module's file is taken. `signature` is the text of the file beside it, where there is
    /// one.
    ///
    /// # Errors
    /// It is not: the code says why.
    pub fn judge(&self, file: &[u8], signature: Option<&str>) -> Result<Signed, Problem> {
        let live = |key: &&TrustedKey| key.until.as_ref().is_none_or(|until| self.today <= *until);
        let texts = |keys: Vec<&TrustedKey>| -> Vec<String> {
            keys.into_iter().map(|key| key.key.clone()).collect()
        };
        let (valid, expired): (Vec<_>, Vec<_>) = self.keys.iter().partition(live);
        let signature = signature.unwrap_or_default();
        let refused = match verify(file, signature, &texts(valid)) {
            Ok(id) => return Ok(Signed::By(id)),
            Err(error @ SignatureError::KeyUnknown(_)) => {
                match verify(file, signature, &texts(expired)) {
                    Ok(id) => problem(
                        "key-expired",
                        format!(
                            "it is signed with the key {id}, which was trusted until a day that is over"
                        ),
                    ),
                    Err(_) => problem(error.code(), error.to_string()),
                }
            }
            Err(error) => problem(error.code(), error.to_string()),
        };
        // A file that is not what somebody trusted signed is never taken.
        if self.unsigned && matches!(refused.code.as_str(), "signature-missing" | "key-unknown") {
            return Ok(Signed::No(refused.message));
        }
        Err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn keys_are_read_with_their_last_day() {
        let plain: TrustedKey = KEY.parse().unwrap();
        assert_eq!(plain.until, None);
        let commented: TrustedKey = format!("untrusted comment: x\n{KEY}\n").parse().unwrap();
        assert_eq!(commented, plain);
        let ending: TrustedKey = format!("{KEY} until 2027-12-31").parse().unwrap();
        assert_eq!(ending.until.as_deref(), Some("2027-12-31"));
        for bad in [
            "",
            "hello",
            "RWQf",
            &format!("{KEY} until tomorrow"),
            &format!("{KEY} x"),
            // As long as a key, and begun as one.
            &format!("RW{}", "-".repeat(54)),
            &KEY.replace("RWQ", "RWA"),
            &KEY[..55],
            &format!("{KEY}A"),
        ] {
            assert!(bad.parse::<TrustedKey>().is_err(), "{bad}");
        }
    }
}
