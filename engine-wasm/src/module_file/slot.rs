//! Puts a program, as data, into the core module of a guest that runs such programs.
//!
//! The program becomes one more segment of data, on pages that are added to the memory. Rust's
//! allocator only ever takes memory that it asked to be added, so nobody else is given these pages.
//! Where it lies and how long it is goes into a slot: two words behind a mark in the guest's data.

use std::fmt;

use super::bytes::{Bytes, number_into};
use super::error::FileError;

/// Bytes of a page of memory.
const PAGE: u32 = 65_536;
/// `\0asm`, version 1: a core module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

const MEMORY: u8 = 5;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

/// The guest is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoGuest(String);

impl fmt::Display for NoGuest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoGuest {}

impl From<Box<FileError>> for NoGuest {
    fn from(error: Box<FileError>) -> NoGuest {
        NoGuest(error.to_string())
    }
}

fn refuse<T>(why: &str) -> Result<T, NoGuest> {
    Err(NoGuest(why.to_owned()))
}

/// Puts a program into a guest, a core module; `mark` is what stands before its slot.
///
/// # Errors
/// It is no core module with one memory and one empty slot.
pub fn fill_slot(guest: &[u8], mark: &[u8], program: &[u8]) -> Result<Vec<u8>, NoGuest> {
    let Some(content) = guest.strip_prefix(MODULE) else {
        return refuse("no core module");
    };
    let length = u32::try_from(program.len()).map_err(|_| NoGuest("too large".to_owned()))?;
    let mut sections = Bytes::new(content);
    let mut out = MODULE.to_vec();
    out.reserve(guest.len() + program.len() + 64);
    let (mut address, mut has_slot) = (None, false);
    while let Some((id, section)) = sections.section()? {
        let changed = match id {
            MEMORY => {
                let (start, changed) = memory(section, length)?;
                address = Some(start);
                changed
            }
            DATA_COUNT => {
                let mut section = section;
                let mut changed = Vec::new();
                number_into(section.number()? + 1, &mut changed);
                changed
            }
            DATA => {
                let Some(address) = address else {
                    return refuse("data without a memory");
                };
                has_slot = true;
                data(section, mark, program, address)?
            }
            _ => section.rest().to_vec(),
        };
        out.push(id);
        let size = u32::try_from(changed.len()).map_err(|_| NoGuest("too large".to_owned()))?;
        number_into(size, &mut out);
        out.extend(changed);
    }
    if !has_slot {
        return refuse("it has no data");
    }
    Ok(out)
}

/// The section of the memory with pages added; where they begin.
fn memory(mut section: Bytes<'_>, length: u32) -> Result<(u32, Vec<u8>), NoGuest> {
    if section.number()? != 1 {
        return refuse("it does not have one memory");
    }
    let flags = section.byte()?;
    let initial = section.number()?;
    let more = length.div_ceil(PAGE);
    let Some(address) = initial
        .checked_mul(PAGE)
        .filter(|a| a.checked_add(length).is_some())
    else {
        return refuse("its memory is too large");
    };
    let mut out = vec![1, flags];
    number_into(initial + more, &mut out);
    match flags {
        0 => {}
        1 => number_into(section.number()?.saturating_add(more), &mut out),
        _ => return refuse("its memory is of another kind"),
    }
    Ok((address, out))
}

/// The section of the data with the slot written and the program added.
fn data(
    mut section: Bytes<'_>,
    mark: &[u8],
    program: &[u8],
    address: u32,
) -> Result<Vec<u8>, NoGuest> {
    let count = section.number()?;
    let mut segments = section.rest().to_vec();
    let marks: Vec<usize> = segments
        .windows(mark.len())
        .enumerate()
        .filter(|(_, window)| *window == mark)
        .map(|(at, _)| at)
        .collect();
    let [place] = marks.as_slice() else {
        return refuse("it has no slot for a program, or several");
    };
    let start = place + mark.len();
    let Some(slot) = segments.get_mut(start..start + 8) else {
        return refuse("its slot is cut off");
    };
    let words = [address, program.len() as u32];
    for (byte, new) in slot
        .iter_mut()
        .zip(words.iter().flat_map(|w| w.to_le_bytes()))
    {
        if *byte != 0 {
            return refuse("there is a program in it already");
        }
        *byte = new;
    }
    let mut out = Vec::with_capacity(segments.len() + program.len() + 32);
    number_into(count + 1, &mut out);
    out.extend(segments);
    // An active segment of memory 0, at `i32.const address`.
    out.extend([0, 0x41]);
    signed_into(address, &mut out);
    out.push(0x0b);
    number_into(program.len() as u32, &mut out);
    out.extend(program);
    Ok(out)
}

/// Writes an `i32` as WebAssembly does.
fn signed_into(number: u32, out: &mut Vec<u8>) {
    let mut rest = i64::from(number.cast_signed());
    loop {
        let bits = (rest & 0x7f) as u8;
        rest >>= 7;
        let done = (rest == 0 && bits & 0x40 == 0) || (rest == -1 && bits & 0x40 != 0);
        out.push(if done { bits } else { bits | 0x80 });
        if done {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &[u8] = b"plancheck test slot\n";

    /// A memory of two pages; a segment with a slot.
    fn guest() -> Vec<u8> {
        let mut out = MODULE.to_vec();
        out.extend([MEMORY, 3, 1, 0, 2]);
        out.extend([DATA_COUNT, 1, 1]);
        let mut data = vec![1, 0, 0x41, 0, 0x0b, 28];
        data.extend(MARK);
        data.extend([0; 8]);
        out.extend([DATA, data.len() as u8]);
        out.extend(data);
        out
    }

    #[test]
    fn the_program_lies_on_pages_of_its_own() {
        let program = vec![7; 70_000];
        let module = fill_slot(&guest(), MARK, &program).unwrap();
        // two pages of its own, two for the program
        assert_eq!(module[8..13], [MEMORY, 3, 1, 0, 4]);
        assert_eq!(module[13..16], [DATA_COUNT, 1, 2]);
        let slot = module.windows(MARK.len()).position(|w| w == MARK).unwrap() + MARK.len();
        let word = |at: usize| u32::from_le_bytes(module[at..at + 4].try_into().unwrap());
        assert_eq!((word(slot), word(slot + 4)), (2 * PAGE, 70_000));
        assert!(module.ends_with(&program));
    }

    #[test]
    fn anything_else_is_refused() {
        let full = fill_slot(&guest(), MARK, b"program").unwrap();
        for other in [b"".as_slice(), b"\0asm\x0d\0\x01\0", MODULE, &full] {
            assert!(fill_slot(other, MARK, b"program").is_err());
        }
        for end in 0..guest().len() - 1 {
            let _ = fill_slot(&guest()[..end], MARK, b"program");
        }
    }

    #[test]
    fn addresses_are_signed_numbers() {
        for (number, bytes) in [
            (0, vec![0]),
            (64, vec![0xc0, 0]),
            (1_114_112, vec![0x80, 0x80, 0xc4, 0]),
            (u32::MAX, vec![0x7f]),
        ] {
            let mut out = Vec::new();
            signed_into(number, &mut out);
            assert_eq!(out, bytes, "{number}");
        }
    }
}
