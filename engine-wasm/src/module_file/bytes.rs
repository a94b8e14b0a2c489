//! Reads the bytes of WebAssembly: every length is held against what is there before it is used.

use super::error::{FileError, Read};

/// Bytes still to be read.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    /// All of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes(bytes)
    }

    /// What is still to be read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next byte.
    ///
    /// # Errors
    /// There is none.
    #[inline(never)]
    pub fn byte(&mut self) -> Read<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A number as WebAssembly writes it: LEB128, 32 bits.
    ///
    /// # Errors
    /// It is cut off, or larger.
    #[inline(never)]
    pub fn number(&mut self) -> Read<u32> {
        let too_long = || FileError::malformed("a number of more than 32 bits");
        let mut number = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && bits > 0xf {
                return Err(too_long());
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(too_long())
    }

    pub(super) fn take(&mut self, count: u32) -> Read<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(count as usize)
            .ok_or_else(truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    #[inline(never)]
    pub(super) fn name(&mut self) -> Read<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?)
            .map_err(|_| FileError::malformed("a name is not UTF-8"))
    }

    /// The next section: its id and content; none at the end.
    ///
    /// # Errors
    /// It is cut off.
    pub fn section(&mut self) -> Read<Option<(u8, Bytes<'a>)>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let id = self.byte()?;
        let length = self.number()?;
        Ok(Some((id, Bytes(self.take(length)?))))
    }

    /// After all that a section is said to hold.
    pub(super) fn end(&self) -> Read<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(FileError::malformed("a section is longer than it says"))
        }
    }
}

#[cold]
fn truncated() -> Box<FileError> {
    Box::new(FileError::Truncated)
}

/// Writes a number as WebAssembly does.
pub fn number_into(mut number: u32, out: &mut Vec<u8>) {
    loop {
        let bits = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(bits);
            return;
        }
        out.push(bits | 0x80);
    }
}
