//! Signatures of module files: minisign, as `minisign -S` writes them into `MODULE.wasm.minisig`.

use minisign_verify::{PublicKey, Signature};
use thiserror::Error;

/// Why a file is not known to come from one of the keys.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// There is none.
    #[error("it is not signed")]
    Missing,
    /// The text is no signature, or a trusted key is no key.
    #[error("{0}")]
    Malformed(String),
    /// It is signed with a key that nobody trusts here.
    #[error("it is signed with the key {0}, which is not trusted here")]
    KeyUnknown(String),
    /// The file is not what was signed.
    #[error("the file is not what was signed with the key {0}")]
    Wrong(String),
}

impl SignatureError {
    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SignatureError::Missing => "signature-missing",
            SignatureError::Malformed(_) => "signature-malformed",
            SignatureError::KeyUnknown(_) => "key-unknown",
            SignatureError::Wrong(_) => "signature-wrong",
        }
    }
}

/// Holds a file against its signature. Trusted keys are the text of a minisign public key: its line
/// of base64, with or without the comment above. Returns the id of the key, as minisign prints it.
///
/// # Errors
/// The signature is not there, not readable, not by one of the keys, or not of this file.
pub fn verify(
    file: &[u8],
    signature: &str,
    trusted_keys: &[String],
) -> Result<String, SignatureError> {
    if signature.trim().is_empty() {
        return Err(SignatureError::Missing);
    }
    let unreadable =
        || SignatureError::Malformed("the signature is not one of minisign".to_owned());
    let decoded = Signature::decode(signature).map_err(|_| unreadable())?;
    let id = signature
        .lines()
        .nth(1)
        .and_then(key_id)
        .ok_or_else(unreadable)?;
    let mut by_this_key = false;
    for text in trusted_keys {
        let line = text.lines().rev().find(|line| !line.trim().is_empty());
        let line = line.unwrap_or_default().trim();
        let key = PublicKey::from_base64(line).map_err(|_| {
            SignatureError::Malformed("a trusted key is not a public key of minisign".to_owned())
        })?;
        if key_id(line).as_deref() != Some(id.as_str()) {
            continue;
        }
        by_this_key = true;
        // Signatures of the file itself, as old releases wrote them, are as good as of its hash.
        if key.verify(file, &decoded, true).is_ok() {
            return Ok(id);
        }
    }
    Err(if by_this_key {
        SignatureError::Wrong(id)
    } else {
        SignatureError::KeyUnknown(id)
    })
}

/// The id in a line of base64: bytes 2 to 9, the last one first in print.
fn key_id(line: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    // 14 characters are ten bytes and a half.
    for character in line.bytes().take(14) {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    let id = bytes.get(2..10)?;
    Some(id.iter().rev().map(|byte| format!("{byte:02X}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of minisign-verify's documentation.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
        RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
        trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
        wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
    /// Another key: the same, but for its id.
    const OTHER: &str = "RWQf6LRCGA9i6HmlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_good_signature_names_its_key() {
        let id = "E7620F1842B4E81F".to_owned();
        assert_eq!(verify(b"test", SIGNATURE, &keys(&[KEY])), Ok(id.clone()));
        let commented = format!("untrusted comment: minisign public key\n{KEY}\n");
        assert_eq!(
            verify(b"test", SIGNATURE, &keys(&[OTHER, &commented])),
            Ok(id)
        );
    }

    #[test]
    fn every_other_one_says_what_is_wrong() {
        let code = |file: &[u8], signature: &str, trusted: &[&str]| {
            let refused = verify(file, signature, &keys(trusted)).unwrap_err();
            assert!(!refused.to_string().is_empty());
            refused.code()
        };
        assert_eq!(code(b"test", " \n", &[KEY]), "signature-missing");
        assert_eq!(code(b"test", "hello", &[KEY]), "signature-malformed");
        assert_eq!(code(b"test", SIGNATURE, &["hello"]), "signature-malformed");
        assert_eq!(code(b"test", SIGNATURE, &[""]), "signature-malformed");
        assert_eq!(code(b"test", SIGNATURE, &[]), "key-unknown");
        assert_eq!(code(b"test", SIGNATURE, &[OTHER]), "key-unknown");
        assert_eq!(code(b"tset", SIGNATURE, &[KEY]), "signature-wrong");
        let renamed = SIGNATURE.replace("file:test", "file:best");
        assert_eq!(code(b"test", &renamed, &[KEY]), "signature-wrong");
    }

    #[test]
    fn no_text_makes_it_panic() {
        for end in 0..SIGNATURE.len() {
            let _ = verify(
                b"test",
                SIGNATURE.get(..end).unwrap_or_default(),
                &keys(&[KEY]),
            );
        }
        for end in 0..KEY.len() {
            let _ = verify(b"test", SIGNATURE, &keys(&[&KEY[..end]]));
        }
        for at in 0..SIGNATURE.len() {
            for odd in ["é", "\n", "=", "\0"] {
                let text = format!("{}{odd}{}", &SIGNATURE[..at], &SIGNATURE[at..]);
                let _ = verify(b"test", &text, &keys(&[KEY]));
            }
        }
    }
}
