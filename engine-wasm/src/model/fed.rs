//! A model's bytes as they come, part by part.

use super::ModelError;

/// Parts that were fed so far.
#[derive(Debug, Default)]
pub struct Fed(Vec<u8>);

impl Fed {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Fed {
        Fed(Vec::new())
    }

    /// Appends a part. `expected` is how many bytes all parts will be, 0 when nobody knows; it is
    /// believed only for how much room is made at once.
    ///
    /// # Errors
    /// [`ModelError::NoMemory`]: there is no memory for it.
    pub fn feed(&mut self, part: &[u8], expected: u64) -> Result<(), ModelError> {
        let missing = usize::try_from(expected)
            .unwrap_or(usize::MAX)
            .saturating_sub(self.0.len())
            .max(part.len());
        let room = if self.0.capacity() - self.0.len() >= part.len() {
            Ok(())
        } else if self.0.is_empty() && expected > 0 {
            self.0.try_reserve_exact(missing)
        } else {
            self.0.try_reserve(part.len())
        };
        room.map_err(|_| ModelError::NoMemory {
            bytes: self.0.len().saturating_add(missing),
        })?;
        self.0.extend_from_slice(part);
        Ok(())
    }

    /// All parts as one; nothing is left.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_one() {
        let mut fed = Fed::new();
        for part in [&b"ISO"[..], b"", b"-10303"] {
            assert_eq!(fed.feed(part, 4), Ok(()));
        }
        assert_eq!(fed.take(), b"ISO-10303");
        assert_eq!(fed.take(), b"");
    }

    #[test]
    fn a_size_that_no_memory_has_is_an_error() {
        let mut fed = Fed::new();
        assert!(fed.feed(b"a", u64::MAX).is_err());
        assert_eq!(fed.feed(b"a", 0), Ok(()));
    }
}
