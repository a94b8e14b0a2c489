//! Which name was probably meant: bounded, so that a document made of typing errors costs little.

/// Longest name that is compared; longer ones are no typing errors of IFC's names.
const LONGEST: usize = 80;

/// Characters as they count: letters and digits in lower case.
fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// Whether two names are the same but for case, blanks and signs: `Fire Rating` and `FireRating`.
pub(super) fn alike(a: &str, b: &str) -> bool {
    a.len() <= LONGEST && folded(a).next().is_some() && folded(a).eq(folded(b))
}

/// The one of some names that is probably meant by a name that is none of them.
pub(crate) fn nearest<'n>(
    wanted: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let stem = |name: &str| -> Vec<char> {
        let all: Vec<char> = folded(name).collect();
        match all.strip_prefix(&['i', 'f', 'c']) {
            Some(rest) => rest.to_vec(),
            None => all,
        }
    };
    let wanted = stem(wanted);
    if wanted.len() < 3 || wanted.len() > LONGEST {
        return None;
    }
    let allowed = (wanted.len() / 4).clamp(1, 3);
    names
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .filter_map(|name| Some((score(&wanted, &stem(name), allowed)?, name.len(), name)))
        .min()
        .map(|(.., name)| name)
}

/// How far a name is from what is wanted; of a longer one its end may be meant, as `Storey` of
/// `BuildingStorey`.
fn score(wanted: &[char], name: &[char], allowed: usize) -> Option<usize> {
    if let Some(whole) = distance(wanted, name, allowed) {
        return Some(whole);
    }
    let end = name
        .len()
        .checked_sub(wanted.len())
        .and_then(|at| name.get(at..))?;
    // A short end is part of too many names.
    let end = distance(wanted, end, 1).filter(|_| wanted.len() >= 5)?;
    Some(end + allowed + 1)
}

/// Changes from one name to the other, none when there are more than allowed: a character more,
/// less or another, or two that changed places.
fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(last.len());
        next.push(row + 1);
        for (column, y) in b.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX);
            let changed = at(&last, column) + usize::from(x != y);
            let mut least = changed
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1);
            let crossed =
                row > 0 && column > 0 && a.get(row - 1) == Some(y) && b.get(column - 1) == Some(x);
            if crossed {
                least = least.min(at(&before, column - 1) + 1);
            }
            next.push(least);
        }
        if next.iter().min().is_none_or(|least| *least > allowed) {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|changes| *changes <= allowed)
}

#[cfg(test)]
mod tests {
    use super::{alike, nearest};

    #[test]
    fn typing_errors_are_recognised() {
        let classes = [
            "IfcDoor",
            "IfcFloor",
            "IfcBuilding",
            "IfcBuildingStorey",
            "IfcWindow",
        ];
        for (wanted, meant) in [
            ("IFCDOOOR", Some("IfcDoor")),
            ("IFCSTOREY", Some("IfcBuildingStorey")),
            ("IFCWIDNOW", Some("IfcWindow")),
            ("IFCBUILDINGSTORY", Some("IfcBuildingStorey")),
            ("IFCPUMP", None),
            ("IFC", None),
            ("", None),
        ] {
            assert_eq!(nearest(wanted, classes), meant, "{wanted}");
        }
        let attributes = ["Name", "OverallHeight", "OverallWidth", "Tag"];
        assert_eq!(nearest("Widht", attributes), Some("OverallWidth"));
        assert_eq!(nearest("overallwidth", attributes), Some("OverallWidth"));
        assert_eq!(nearest("LongName", attributes), None);
    }

    #[test]
    fn case_and_signs_do_not_matter() {
        assert!(alike("Fire Rating", "FireRating") && alike("FIRE_RATING", "FireRating"));
        assert!(!alike("FireRating", "Fire") && !alike("", "") && !alike("-", "_"));
    }
}
