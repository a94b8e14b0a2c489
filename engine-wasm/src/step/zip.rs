//! `.ifczip`: one IFC file in a zip archive. Reads the archive's directory (APPNOTE 6.3.10, with
//! Zip64 sizes), never more memory than the caller allows.

use miniz_oxide::inflate::decompress_slice_iter_to_slice;

use super::error::StepError;
use super::lex::{between, from};

/// Models pack four to twelve times, repetitive ones some forty times. What packs better was made to
/// fill memory.
const MAX_RATIO: u64 = 128;
/// Below this size it does not matter.
const ALWAYS_UNPACKED: u64 = 16 << 20;

/// Whether the bytes begin like a zip archive.
#[must_use]
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Unpacks the first entry whose name ends in `.ifc`, in any spelling, checked by its CRC-32.
///
/// # Errors
///
/// No such entry, larger than `max_bytes`, encrypted, packed in another way than deflate, or a
/// damaged archive.
pub fn extract_ifc(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, StepError> {
    let (directory, entries) = directory(bytes)?;
    let mut p = directory;
    for _ in 0..entries {
        let (entry, next) = entry(bytes, p)?;
        if is_ifc(entry.name) {
            return unpack(bytes, &entry, max_bytes);
        }
        p = next;
    }
    Err(StepError::ZipNoIfc { entries })
}

/// One file as the directory describes it.
struct Entry<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

/// `.ifc` files, but not the resource forks that macOS puts beside them.
fn is_ifc(name: &[u8]) -> bool {
    let file = name
        .rsplit(|&byte| byte == b'/' || byte == b'\\')
        .next()
        .unwrap_or_default();
    let suffix = file
        .len()
        .checked_sub(4)
        .and_then(|start| file.get(start..));
    suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(b".ifc")) && !file.starts_with(b"._")
}

fn corrupt(what: &'static str) -> StepError {
    StepError::ZipCorrupt { what }
}

fn u16_at(bytes: &[u8], p: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(p..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], p: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(p..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], p: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(p..)?.first_chunk()?))
}

/// Position of the directory and how many entries it has.
fn directory(bytes: &[u8]) -> Result<(usize, usize), StepError> {
    let none = || corrupt("it has no directory, it was probably cut short");
    // The end record has 22 bytes and a comment of up to 65 535 behind it.
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = tail + memchr::memmem::rfind(from(bytes, tail), b"PK\x05\x06").ok_or_else(none)?;
    let entries = u16_at(bytes, end + 10).ok_or_else(none)?;
    let offset = u32_at(bytes, end + 16).ok_or_else(none)?;
    if entries != u16::MAX && offset != u32::MAX {
        return Ok((offset as usize, usize::from(entries)));
    }
    // Zip64: a locator of 20 bytes stands before the end record.
    let zip64 = || {
        let locator = end.checked_sub(20)?;
        if between(bytes, locator, locator + 4) != b"PK\x06\x07" {
            return None;
        }
        let record = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
        if from(bytes, record).get(..4)? != b"PK\x06\x06" {
            return None;
        }
        let entries = usize::try_from(u64_at(bytes, record.checked_add(32)?)?).ok()?;
        let offset = usize::try_from(u64_at(bytes, record.checked_add(48)?)?).ok()?;
        Some((offset, entries))
    };
    match zip64() {
        Some(found) => Ok(found),
        None => Ok((offset as usize, usize::from(entries))),
    }
}

/// The directory entry at `p` and the position of the next.
fn entry(bytes: &[u8], p: usize) -> Result<(Entry<'_>, usize), StepError> {
    let read = || {
        let entry = from(bytes, p);
        if entry.get(..4)? != b"PK\x01\x02" {
            return None;
        }
        let name_length = usize::from(u16_at(entry, 28)?);
        let extra_length = usize::from(u16_at(entry, 30)?);
        let comment_length = usize::from(u16_at(entry, 32)?);
        let name = entry.get(46..46 + name_length)?;
        let extra = entry.get(46 + name_length..46 + name_length + extra_length)?;
        let narrow = [u32_at(entry, 24)?, u32_at(entry, 20)?, u32_at(entry, 42)?];
        let [unpacked, packed, offset] = widen(narrow, extra)?;
        let (flags, method, crc) = (u16_at(entry, 8)?, u16_at(entry, 10)?, u32_at(entry, 16)?);
        let next = p + 46 + name_length + extra_length + comment_length;
        Some((
            Entry {
                name,
                flags,
                method,
                crc,
                packed,
                unpacked,
                offset,
            },
            next,
        ))
    };
    read().ok_or_else(|| corrupt("its directory is broken"))
}

/// Replaces fields that are all ones by those of the Zip64 extra field, which holds just these, in
/// this order.
fn widen(narrow: [u32; 3], mut extra: &[u8]) -> Option<[u64; 3]> {
    let mut wide: &[u8] = &[];
    while let (Some(tag), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let end = 4 + usize::from(length);
        if tag == 1 {
            wide = extra.get(4..end)?;
        }
        extra = from(extra, end);
    }
    let mut out = [0; 3];
    for (out, narrow) in out.iter_mut().zip(narrow) {
        *out = u64::from(narrow);
        if narrow == u32::MAX {
            *out = u64_at(wide, 0)?;
            wide = from(wide, 8);
        }
    }
    Some(out)
}

fn unpack(bytes: &[u8], entry: &Entry<'_>, max_bytes: usize) -> Result<Vec<u8>, StepError> {
    // Bit 0: encrypted; bit 6: strongly.
    if entry.flags & 0x41 != 0 {
        return Err(StepError::ZipEncrypted);
    }
    if entry.unpacked > max_bytes as u64 {
        return Err(StepError::ZipTooLarge {
            bytes: entry.unpacked,
            limit: max_bytes as u64,
        });
    }
    let data = || {
        let start = usize::try_from(entry.offset).ok()?;
        let local = bytes.get(start..)?;
        if local.get(..4)? != b"PK\x03\x04" {
            return None;
        }
        let body = 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
        local
            .get(body..)?
            .get(..usize::try_from(entry.packed).ok()?)
    };
    let data = data().ok_or_else(|| corrupt("the .ifc file reaches beyond the archive"))?;
    let out = match entry.method {
        0 => data.to_vec(),
        8 => {
            let most = entry.packed.saturating_mul(MAX_RATIO).max(ALWAYS_UNPACKED);
            if entry.unpacked > most {
                return Err(corrupt(
                    "the .ifc file unpacks to more than a model of its size can",
                ));
            }
            let mut out = vec![0; entry.unpacked as usize];
            let length =
                decompress_slice_iter_to_slice(&mut out, std::iter::once(data), false, true)
                    .map_err(|_| corrupt("the .ifc file does not unpack to its stated size"))?;
            out.truncate(length);
            out
        }
        method => return Err(StepError::ZipMethod { method }),
    };
    if out.len() as u64 != entry.unpacked {
        return Err(corrupt("the .ifc file does not unpack to its stated size"));
    }
    if crc32(&out) != entry.crc {
        return Err(corrupt("the checksum of the .ifc file is wrong"));
    }
    Ok(out)
}

/// CRC-32 (ISO-HDLC) of every byte, then of every byte followed by one to seven zeros.
#[allow(
    clippy::indexing_slicing,
    reason = "a byte indexes a table of 256 entries"
)]
const CRC_TABLES: [[u32; 256]; 8] = {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut zeros = 1;
    while zeros < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[zeros - 1][byte];
            tables[zeros][byte] = before >> 8 ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        zeros += 1;
    }
    tables
};

/// CRC-32 of the bytes, eight at a time.
#[allow(
    clippy::indexing_slicing,
    reason = "a byte indexes a table of 256 entries"
)]
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let folded = u64::from_le_bytes(*chunk) ^ u64::from(crc);
        crc = 0;
        for (table, byte) in CRC_TABLES.iter().rev().zip(folded.to_le_bytes()) {
            crc ^= table[usize::from(byte)];
        }
    }
    for &byte in rest {
        crc = crc >> 8 ^ CRC_TABLES[0][usize::from(crc.to_le_bytes()[0] ^ byte)];
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    const IFC: &[u8] =
        b"ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\n#1=IFCX();\nENDSEC;\nEND-ISO-10303-21;\n";

    /// Writes an archive with the given entries: name, method, content.
    fn archive(entries: &[(&str, u16, &[u8])]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, method, content) in entries {
            let packed = match method {
                8 => miniz_oxide::deflate::compress_to_vec(content, 6),
                _ => content.to_vec(),
            };
            let offset = out.len() as u32;
            let mut common = Vec::new();
            common.extend(20u16.to_le_bytes());
            common.extend(0u16.to_le_bytes());
            common.extend(method.to_le_bytes());
            common.extend([0; 4]);
            common.extend(crc32(content).to_le_bytes());
            common.extend((packed.len() as u32).to_le_bytes());
            common.extend((content.len() as u32).to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend(0u16.to_le_bytes());
            out.extend(b"PK\x03\x04");
            out.extend(&common);
            out.extend(name.as_bytes());
            out.extend(&packed);
            directory.extend(b"PK\x01\x02\x14\x00");
            directory.extend(&common);
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let start = out.len() as u32;
        let count = entries.len() as u16;
        out.extend(&directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend((directory.len() as u32).to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend(0u16.to_le_bytes());
        out
    }

    #[test]
    fn checksum() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn unpacks() {
        let large = IFC.repeat(2000);
        let cases: &[(&str, Vec<u8>, &[u8])] = &[
            ("deflated", archive(&[("model.ifc", 8, IFC)]), IFC),
            ("stored", archive(&[("a/B.IFC", 0, IFC)]), IFC),
            (
                "among others",
                archive(&[
                    ("x.txt", 8, b"no"),
                    ("._m.ifc", 0, b"no"),
                    ("m.ifc", 8, IFC),
                ]),
                IFC,
            ),
            ("large", archive(&[("m.ifc", 8, &large)]), &large),
        ];
        for (name, bytes, expected) in cases {
            assert!(is_zip(bytes), "{name}");
            assert_eq!(
                extract_ifc(bytes, 1 << 20).as_deref(),
                Ok(*expected),
                "{name}"
            );
        }
        assert!(!is_zip(IFC));
    }

    #[test]
    fn what_packs_too_well_is_refused() {
        let blanks = vec![b' '; 17 << 20];
        let bomb = archive(&[("m.ifc", 8, &blanks)]);
        let error = extract_ifc(&bomb, 1 << 30).unwrap_err();
        assert_eq!(error.code(), "step.zip-corrupt");
        let small = archive(&[("m.ifc", 8, &blanks[..1 << 20])]);
        assert_eq!(extract_ifc(&small, 1 << 30).unwrap().len(), 1 << 20);
    }

    #[test]
    fn refuses() {
        let good = archive(&[("m.ifc", 8, IFC)]);
        let directory = memchr::memmem::find(&good, b"PK\x01\x02").expect("directory");
        let with = |place: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[place] = byte;
            bytes
        };
        let cases: &[(&str, Vec<u8>, usize, &str)] = &[
            (
                "no ifc",
                archive(&[("m.txt", 8, IFC)]),
                1 << 20,
                "step.zip-no-ifc",
            ),
            ("empty archive", archive(&[]), 1 << 20, "step.zip-no-ifc"),
            ("too large", good.clone(), 20, "step.zip-too-large"),
            (
                "encrypted",
                with(directory + 8, 1),
                1 << 20,
                "step.zip-encrypted",
            ),
            (
                "another method",
                with(directory + 10, 14),
                1 << 20,
                "step.zip-method",
            ),
            (
                "wrong checksum",
                with(directory + 16, 0x55),
                1 << 20,
                "step.zip-corrupt",
            ),
            (
                "lies about its size",
                with(directory + 26, 0x0F),
                1 << 20,
                "step.zip-corrupt",
            ),
            (
                "says less than there is",
                with(directory + 24, 3),
                1 << 20,
                "step.zip-corrupt",
            ),
            ("damaged data", with(45, 0xFF), 1 << 20, "step.zip-corrupt"),
            (
                "cut short",
                good[..good.len() - 30].to_vec(),
                1 << 20,
                "step.zip-corrupt",
            ),
            (
                "nothing but a start",
                b"PK\x03\x04".to_vec(),
                1 << 20,
                "step.zip-corrupt",
            ),
        ];
        for (name, bytes, max_bytes, code) in cases {
            let error = extract_ifc(bytes, *max_bytes).expect_err(name);
            assert_eq!(error.code(), *code, "{name}: {error}");
        }
    }

    #[test]
    fn every_damaged_byte_is_survived() {
        let good = archive(&[("x.txt", 0, b"no"), ("m.ifc", 8, IFC)]);
        for place in 0..good.len() {
            for byte in [0, 1, 0x7F, 0xFF] {
                let mut bytes = good.clone();
                bytes[place] = byte;
                if let Ok(out) = extract_ifc(&bytes, 1 << 16) {
                    assert_eq!(crc32(&out), crc32(IFC), "byte {place} set to {byte}");
                }
            }
            let _ = extract_ifc(&good[..place], 1 << 16);
        }
    }
}
