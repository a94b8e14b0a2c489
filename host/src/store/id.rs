//! Names of things: long enough that nobody guesses or repeats one.

/// Without letters that are read as digits, so that people can read them to each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 20 of 32 letters are 100 bits.
const LETTERS: usize = 20;

/// `usr_4k7f…`: what it is, and 100 random bits.
#[must_use]
pub fn new_id(kind: &str) -> String {
    format!("{kind}_{}", random_word(LETTERS))
}

/// Letters of the operating system's generator, 5 bits each.
#[must_use]
pub(crate) fn random_word(letters: usize) -> String {
    let mut bytes = vec![0_u8; letters];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Names that somebody could guess would be worse than none.
        tracing::error!(%error, "the system gives no random numbers");
        std::process::abort();
    }
    let letter = |byte: &u8| ALPHABET[usize::from(byte & 31)] as char;
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_they_are_and_differ() {
        let (one, other) = (new_id("usr"), new_id("usr"));
        assert!(one.starts_with("usr_"));
        assert_eq!(one.len(), 4 + LETTERS);
        assert_ne!(one, other);
    }
}
