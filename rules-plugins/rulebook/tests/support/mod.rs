//! What the tests with random rows share.

#![allow(dead_code, reason = "each test file uses its part")]

use plancheck_contract::Batch;

/// Small random numbers, the same every time.
pub struct Random(pub u64);

impl Random {
    /// From 0 to 1.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() * count as f64) as usize
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// Gives a batch its texts.
pub fn set_texts(batch: &mut Batch, texts: &[&str]) {
    for text in texts {
        batch.text += text;
        batch.text_ends.push(batch.text.len() as u32);
    }
}
