//! General categories, blocks and the multi-character escapes of XSD (Datatypes, appendix F).
//!
//! The table is written by `tools/unicode_table.py`; a class is read from it when a pattern names it.

use super::class::Class;

const TABLE: &str = include_str!("unicode.txt");

/// Names of blocks that the first edition of XSD has and Unicode renamed since.
const RENAMED: [(&str, &str); 3] = [
    ("Greek", "GreekandCoptic"),
    (
        "CombiningMarksforSymbols",
        "CombiningDiacriticalMarksforSymbols",
    ),
    ("PrivateUse", "PrivateUseArea"),
];

/// What `\p{name}` names: a category (`Lu`), a group of them (`L`) or a block (`IsBasicLatin`).
pub fn property(name: &str) -> Option<Class> {
    if let Some(block) = name.strip_prefix("Is") {
        let block = RENAMED
            .iter()
            .find(|(old, _)| *old == block)
            .map_or(block, |(_, new)| new);
        return self::block(block);
    }
    if name.is_empty() || name.len() > 2 {
        return None;
    }
    let assigned = of_categories(|category| category.starts_with(name));
    if !UNASSIGNED.starts_with(name) {
        return assigned;
    }
    let others = of_categories(|_| true).unwrap_or_default();
    let unassigned = others.or(&Class::new(vec![SURROGATES])).negated();
    Some(unassigned.or(&assigned.unwrap_or_default()))
}

/// The category of all that is in no other one; the table leaves it out.
const UNASSIGNED: &str = "Cn";
/// No characters.
const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);

/// All characters of some categories of the table; none where it has none of them.
fn of_categories(wanted: impl Fn(&str) -> bool) -> Option<Class> {
    let mut ranges = Vec::new();
    let mut found = false;
    for line in lines() {
        let Some((category, words)) = line.split_once(' ') else {
            continue;
        };
        if !category.starts_with('=') && wanted(category) {
            found = true;
            decode(words, &mut ranges);
        }
    }
    found.then(|| Class::new(ranges))
}

fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

fn block(name: &str) -> Option<Class> {
    let mut ranges = Vec::new();
    for line in lines() {
        let mut words = line.split(' ');
        if words.next().and_then(|word| word.strip_prefix('=')) == Some(name) {
            let mut number = || u32::from_str_radix(words.next()?, 16).ok();
            if let (Some(first), Some(last)) = (number(), number()) {
                ranges.push((first, last));
            }
        }
    }
    (!ranges.is_empty()).then(|| Class::new(ranges))
}

fn decode(words: &str, ranges: &mut Vec<(u32, u32)>) {
    let number = |text: &str| u32::from_str_radix(text, 36).unwrap_or(0);
    let mut end = 0u32;
    for word in words.split(' ') {
        let (gap, more) = word.split_once(':').unwrap_or((word, "0"));
        let first = end.saturating_add(number(gap));
        let last = first.saturating_add(number(more));
        ranges.push((first, last));
        end = last.saturating_add(1);
    }
}

/// What `\s`, `\i`, `\c`, `\d` and `\w` stand for; none for other letters.
pub fn escape(letter: char) -> Option<Class> {
    Some(match letter {
        's' => Class::new(vec![(9, 10), (13, 13), (32, 32)]),
        'i' => Class::new(NAME_START.to_vec()),
        'c' => Class::new([&NAME_START[..], &NAME_MORE[..]].concat()),
        'd' => property("Nd")?,
        'w' => ["P", "Z", "C"]
            .into_iter()
            .filter_map(property)
            .fold(Class::default(), |all, one| all.or(&one))
            .negated(),
        _ => return None,
    })
}

/// Start of an XML name (XML 1.0, fifth edition, production 4).
const NAME_START: [(u32, u32); 16] = [
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x1_0000, 0xE_FFFF),
];

/// What else a name may go on with (production 4a).
const NAME_MORE: [(u32, u32); 5] = [
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn has(class: &Class, c: char) -> bool {
        let code = c as u32;
        class
            .ranges()
            .iter()
            .any(|(a, b)| (*a..=*b).contains(&code))
    }

    #[test]
    fn categories_and_blocks() {
        let upper = property("Lu").unwrap_or_default();
        assert!(has(&upper, 'A') && has(&upper, 'Ä') && has(&upper, 'Ж') && !has(&upper, 'a'));
        let letters = property("L").unwrap_or_default();
        assert!(has(&letters, 'a') && has(&letters, '本') && !has(&letters, '1'));
        let greek = property("IsGreek").unwrap_or_default();
        assert!(has(&greek, 'Ω') && !has(&greek, 'A'));
        let ascii = property("IsBasicLatin").unwrap_or_default();
        assert_eq!(ascii.ranges(), [(0, 127)]);
        for wrong in ["", "Lx", "X", "IsNowhere", "Is", "Lul", "="] {
            assert_eq!(property(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn escapes() {
        let word = escape('w').unwrap_or_default();
        assert!(has(&word, 'a') && has(&word, '9') && has(&word, '+') && has(&word, '♫'));
        assert!(!has(&word, '_') && !has(&word, ' ') && !has(&word, '-'));
        let digit = escape('d').unwrap_or_default();
        assert!(has(&digit, '7') && has(&digit, '٣') && !has(&digit, 'x'));
        assert!(escape('i').is_some_and(|c| has(&c, ':') && !has(&c, '-')));
        assert!(escape('c').is_some_and(|c| has(&c, '-') && has(&c, '0')));
        assert!(escape('z').is_none());
    }
}
