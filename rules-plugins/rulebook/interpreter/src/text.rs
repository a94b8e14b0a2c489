//! What may be asked of a text. ASCII case never counts: IFC writes its enumerations in capitals.

/// A question about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Question {
    /// Is it this one, or one of these?
    Is = 0,
    /// Does it begin so?
    StartsWith = 1,
    /// Does it end so?
    EndsWith = 2,
    /// Does it stand in it?
    Contains = 3,
    /// Do these words stand in it, as whole words, the last perhaps in the plural?
    Mentions = 4,
    /// Does the pattern fit: `*` any characters, `?` one?
    Matches = 5,
}

impl Question {
    /// The question with this code.
    #[must_use]
    pub fn from_code(code: u32) -> Option<Question> {
        [
            Question::Is,
            Question::StartsWith,
            Question::EndsWith,
            Question::Contains,
            Question::Mentions,
            Question::Matches,
        ]
        .into_iter()
        .find(|question| *question as u32 == code)
    }

    /// The answer for one text.
    #[must_use]
    pub fn ask(self, text: &str, with: &str) -> bool {
        let (bytes, part) = (text.as_bytes(), with.as_bytes());
        let same = |slice: Option<&[u8]>| slice.is_some_and(|s| s.eq_ignore_ascii_case(part));
        match self {
            Question::Is => text.eq_ignore_ascii_case(with),
            Question::StartsWith => same(bytes.get(..part.len())),
            Question::EndsWith => {
                let from = bytes.len().checked_sub(part.len());
                same(from.and_then(|from| bytes.get(from..)))
            }
            Question::Contains => {
                part.is_empty()
                    || bytes
                        .windows(part.len())
                        .any(|window| window.eq_ignore_ascii_case(part))
            }
            Question::Mentions => mentions(text, with),
            Question::Matches => matches(text, with),
        }
    }
}

/// The words of a text in lower case: runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn mentions(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (words(text), words(phrase));
    let Some((last, first)) = phrase.split_last() else {
        return true;
    };
    text.windows(phrase.len()).any(|window| {
        window.split_last().is_some_and(|(end, begin)| {
            let plural = end
                .strip_prefix(last.as_str())
                .is_some_and(|tail| matches!(tail, "" | "s" | "es"));
            begin == first && plural
        })
    })
}

fn matches(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut at, mut want) = (0, 0);
    // Where the last `*` stood, and how far it has reached.
    let mut star: Option<(usize, usize)> = None;
    while let Some(&c) = text.get(at) {
        match pattern.get(want) {
            Some('*') => {
                star = Some((want, at));
                want += 1;
                continue;
            }
            Some(&p) if p == '?' || p.eq_ignore_ascii_case(&c) => {
                at += 1;
                want += 1;
                continue;
            }
            _ => {}
        }
        let Some((from, reached)) = star else {
            return false;
        };
        star = Some((from, reached + 1));
        want = from + 1;
        at = reached + 1;
    }
    pattern.iter().skip(want).all(|p| *p == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers() {
        use Question::{Contains, EndsWith, Is, Matches, Mentions, StartsWith};
        for (question, text, with, answer) in [
            (Is, "DOUBLE_DOOR", "double_door", true),
            (Is, "DOUBLE_DOOR", "double", false),
            (StartsWith, "Single_Swing", "SINGLE", true),
            (StartsWith, "é", "ee", false),
            (EndsWith, "swing_left", "LEFT", true),
            (EndsWith, "left", "swing_left", false),
            (Contains, "Open plan office", "PLAN", true),
            (Contains, "Büro", "", true),
            (Mentions, "Open-plan OFFICES 2.14", "office", true),
            (Mentions, "Officer's mess", "office", false),
            (Mentions, "library stacks", "Library Stack", true),
            (Mentions, "stacks, library", "library stacks", false),
            (Matches, "A-3", "a-?", true),
            (Matches, "A-33", "a-?", false),
            (Matches, "Level 02 north", "*02*", true),
            (Matches, "aab", "*ab", true),
            (Matches, "", "**", true),
            (Matches, "x", "", false),
        ] {
            assert_eq!(
                question.ask(text, with),
                answer,
                "{question:?} {text} {with}"
            );
        }
    }
}
