//! Values in a document: `idsValue` and `xs:restriction`.

use super::super::document::{Bound, Constraint, Place, Restriction};
use super::super::xml::{Element, Vocabulary};
use super::{Reader, Result};

impl<'a> Reader<'a> {
    /// Children with values, by name in the order of the schema, each at most once.
    pub(super) fn values<const N: usize>(
        &mut self,
        facet: &str,
        names: [&str; N],
    ) -> Result<[Option<Constraint>; N]> {
        let mut found = [const { None }; N];
        let mut last = 0;
        self.children(facet, |reader, child| {
            let place = names.iter().position(|name| *name == child.name());
            if let Some(place) = place {
                if place < last {
                    let before = names.get(last).unwrap_or(&"");
                    let what = format!("{:?} comes before {before:?} in {facet:?}", child.name());
                    reader.findings.error("ids.order", child.at, what);
                }
                last = last.max(place);
            }
            match place.and_then(|place| found.get_mut(place)) {
                Some(slot) if slot.is_none() => {
                    let rest = reader.attributes(child)?;
                    reader.done(rest, child.name());
                    *slot = reader.value(child)?;
                    Ok(true)
                }
                _ => Ok(false),
            }
        })?;
        Ok(found)
    }

    /// An `idsValue` to its end.
    #[inline(never)]
    fn value(&mut self, parent: &Element<'a>) -> Result<Option<Constraint>> {
        let mut value = None;
        let name = parent.name();
        self.children_of_any(name, |reader, child| {
            if value.is_some() {
                return Ok(false);
            }
            match (child.vocabulary, child.name()) {
                (Vocabulary::Ids, "simpleValue") => {
                    value = Some(Constraint::Simple(reader.content("simpleValue")?));
                    Ok(true)
                }
                (Vocabulary::Xsd, "restriction") => {
                    value = Some(Constraint::Restriction(reader.restriction(child)?));
                    Ok(true)
                }
                _ => Ok(false),
            }
        })?;
        if value.is_none() {
            let what = format!("{name:?} holds neither a simpleValue nor an xs:restriction");
            self.breaks("ids.missing-element", parent.at, what);
        }
        Ok(value)
    }

    #[inline(never)]
    fn restriction(&mut self, element: &Element<'a>) -> Result<Restriction> {
        let mut attributes = self.attributes(element)?;
        let base = attributes.take("base").unwrap_or_default();
        self.done(attributes, "restriction");
        let mut restriction = Restriction {
            base: base.rsplit(':').next().unwrap_or("").to_owned(),
            ..Restriction::default()
        };
        self.children_of_any("restriction", |reader, child| {
            if child.vocabulary != Vocabulary::Xsd {
                return Ok(false);
            }
            let name = child.name();
            if name == "annotation" {
                reader.xml.skip()?;
                return Ok(true);
            }
            let mut attributes = reader.attributes(child)?;
            attributes.take("fixed");
            let Some(text) = attributes.take("value") else {
                let what = format!("{name:?} has no \"value\"");
                reader.breaks("ids.missing-value", child.at, what);
                reader.xml.skip()?;
                return Ok(true);
            };
            if !reader.restrict(&mut restriction, name, text, child.at) {
                return Ok(false);
            }
            reader.done(attributes, name);
            reader.children_of_any(name, |reader, inner| {
                let known = inner.name() == "annotation";
                if known {
                    reader.xml.skip()?;
                }
                Ok(known)
            })?;
            Ok(true)
        })?;
        Ok(restriction)
    }

    /// Takes one facet of a restriction; false when IDS has none of this name.
    #[inline(never)]
    fn restrict(&mut self, all: &mut Restriction, name: &str, text: String, at: Place) -> bool {
        let twice = match name {
            "enumeration" => {
                all.enumeration.push(text);
                false
            }
            "pattern" => {
                all.patterns.push(text);
                false
            }
            "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive" => {
                let slot = if name.starts_with("min") {
                    &mut all.least
                } else {
                    &mut all.most
                };
                let inclusive = name.ends_with("Inclusive");
                slot.replace(Bound { text, inclusive }).is_some()
            }
            "length" | "minLength" | "maxLength" => {
                let Ok(number) = text.trim().parse::<u64>() else {
                    self.breaks("ids.length", at, format!("{text:?} is no length"));
                    return true;
                };
                let slot = match name {
                    "length" => &mut all.length,
                    "minLength" => &mut all.min_length,
                    _ => &mut all.max_length,
                };
                slot.replace(number).is_some()
            }
            _ => return false,
        };
        if twice {
            let what = format!("a second bound {name:?} in one restriction");
            self.breaks("ids.restriction-twice", at, what);
        }
        true
    }
}
