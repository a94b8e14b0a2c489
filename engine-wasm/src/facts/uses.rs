//! What a space is used for, by the words of the model.

use super::catalogue::Outcome;
use super::reader::Reader;
use crate::model::{ElementId, Value};

/// What exporters write where nobody chose a use: that it is a room, in several languages.
const NO_USE: &str = "room rooms space spaces area areas zone zones general default undefined \
     notdefined raum räume allgemein allgemeines ruimte pièce espace habitación locale stanza \
     помещение комната 房间";

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether a word is in a list, in whatever case it is written.
fn listed(word: &str, list: &str) -> bool {
    let word = word.to_lowercase();
    list.split(' ').any(|known| known == word)
}

/// Whether a text says no more of a space than that it is a room, and its number.
pub(super) fn names_no_use(text: &str) -> bool {
    words(text).all(|word| !word.chars().any(char::is_alphabetic) || listed(word, NO_USE))
}

/// A name that says something: not only digits and punctuation.
pub(super) fn named(reader: &Reader<'_>, space: ElementId, attribute: &str) -> Outcome {
    match reader.text_attribute(space, attribute) {
        Some(text) if text.chars().any(char::is_alphabetic) => Outcome::exact(Value::Text(text)),
        _ => Outcome::Nothing,
    }
}

/// Words that name a corridor in English, German, Dutch, French, Spanish, Portuguese, Italian,
/// Russian and Chinese models.
const CORRIDOR_WORDS: &str = "corridor corridors hallway hallways passage passageway circulation flur korridor \
     gang couloir pasillo corredor corridoio коридор 走廊 corr";

/// Words and marks that stand beside the word for a corridor without changing what it names.
const QUALIFIERS: &str = "main north south east west northern southern eastern western level floor storey \
     story public service central upper lower first second third fourth fifth ground \
     basement area space wing left right internal interior private staff egress exit \
     access eg og ug kg";

fn names_a_corridor(text: &str) -> bool {
    words(text).any(|word| listed(word, CORRIDOR_WORDS))
}

/// Whether a text names a corridor and nothing else.
fn names_only_a_corridor(text: &str) -> bool {
    names_a_corridor(text)
        && words(text).all(|word| {
            listed(word, CORRIDOR_WORDS)
                || listed(word, QUALIFIERS)
                || word.chars().count() == 1
                || word.chars().any(|c| c.is_ascii_digit())
        })
}

pub(super) fn is_corridor(reader: &Reader<'_>, space: ElementId) -> Outcome {
    let mut words = Vec::new();
    for (set, name) in [
        ("Pset_SpaceOccupancyRequirements", "OccupancyType"),
        ("Pset_SpaceCommon", "OccupancyType"),
        ("Pset_SpaceCommon", "Category"),
        ("", "use"),
    ] {
        words.extend(reader.text(space, set, name));
    }
    for attribute in ["LongName", "ObjectType", "Name"] {
        words.extend(reader.text_attribute(space, attribute));
    }
    words.retain(|w| w.chars().any(char::is_alphabetic));
    if words.is_empty() {
        return Outcome::Nothing;
    }
    if words.iter().any(|w| names_only_a_corridor(w)) {
        return Outcome::exact(Value::Boolean(true));
    }
    match words.iter().find(|w| names_a_corridor(w)) {
        Some(text) => Outcome::Rejected(format!("{text:?} may be a corridor or beside one")),
        None => Outcome::exact(Value::Boolean(false)),
    }
}
