//! A hasher for small keys: the same numbers on every machine, none of it shown.

use std::hash::{BuildHasherDefault, Hasher};

/// For keys that are numbers of ours; for texts from strangers use [`Texts`].
pub type Build = BuildHasherDefault<Mix>;

/// SipHash with fixed keys: for texts, where colliding keys can be made up.
pub type Texts = BuildHasherDefault<std::hash::DefaultHasher>;

/// Multiply and rotate, a word at a time.
#[derive(Clone, Copy, Default)]
pub struct Mix(u64);

impl Mix {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            for (slot, byte) in word.iter_mut().zip(chunk) {
                *slot = *byte;
            }
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.add(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
