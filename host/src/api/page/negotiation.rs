//! What a client's headers say of the form it wants a file in, and of what it has already.

use axum::http::{HeaderMap, header};

/// A form that files are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// Its name in HTTP.
    pub(in crate::api) fn name(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Gzip => "gzip",
        }
    }

    /// The ending of such a file.
    pub(in crate::api) fn ending(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Gzip => "gz",
        }
    }
}

/// The forms that the client takes, the smallest first. Which one it likes best does not matter:
/// all of them are made already.
pub(in crate::api) fn best(asked: &HeaderMap) -> Vec<Coding> {
    let (mut all, mut listed): (Option<bool>, Vec<(String, bool)>) = (None, Vec::new());
    for part in parts(asked, &header::ACCEPT_ENCODING) {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let refused = words
            .filter_map(|word| word.strip_prefix("q=").or_else(|| word.strip_prefix("Q=")))
            .any(|quality| quality.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        if name == "*" {
            all = Some(!refused);
        } else {
            listed.push((name, !refused));
        }
    }
    [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .filter(|coding| {
            let named = listed.iter().find(|(name, _)| name == coding.name());
            named.map_or(all.unwrap_or(false), |(_, taken)| *taken)
        })
        .collect()
}

/// Whether the client has the content of this tag.
pub(in crate::api) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    parts(asked, &header::IF_NONE_MATCH)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The parts of a list that may stand in several headers.
fn parts<'h>(
    headers: &'h HeaderMap,
    name: &header::HeaderName,
) -> impl Iterator<Item = &'h str> + use<'h> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(&name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_smallest_form_that_is_taken_comes_first() {
        use Coding::{Brotli, Gzip};
        for (values, expected) in [
            (&[][..], &[][..]),
            (&["gzip, deflate, br"][..], &[Brotli, Gzip]),
            (&["gzip;q=1.0", "BR; q=0.5"], &[Brotli, Gzip]),
            (&["br;q=0, gzip"], &[Gzip]),
            (&["*"], &[Brotli, Gzip]),
            (&["*;q=0, gzip"], &[Gzip]),
            (&["br;q=0.0, *"], &[Gzip]),
            (&["identity"], &[]),
            (&["gzip;q=nonsense"], &[Gzip]),
        ] {
            assert_eq!(
                best(&headers(header::ACCEPT_ENCODING, values)),
                expected,
                "{values:?}"
            );
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        let known = |values: &[&str]| is_known(&headers(header::IF_NONE_MATCH, values), "\"a\"");
        assert!(known(&["\"a\""]) && known(&["W/\"a\""]) && known(&["*"]));
        assert!(known(&["\"b\", \"a\""]) && known(&["\"b\"", "\"a\""]));
        assert!(!known(&[]) && !known(&["\"b\""]) && !known(&["a"]));
    }
}
