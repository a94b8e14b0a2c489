//! What a module changes of another one: a state, a county or a city adopts a code with numbers and
//! rules of its own.
//!
//! The amending module only says what it changes. Whether the other module has such parameters and
//! rules shows when both are loaded.

#[cfg(feature = "read")]
use crate::manifest::{MAX_ITEMS, id_ok};
#[cfg(feature = "read")]
use crate::unit::Unit;
use crate::write::Object;

#[cfg(feature = "read")]
use serde::{Deserialize, Serialize};

/// What a module changes of another one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Amends {
    /// Id of the other module.
    pub module: String,
    /// What becomes of the other module's number.
    pub policy: Policy,
    /// Numbers that take the place of the other module's.
    pub parameters: Vec<AmendedCell>,
    /// Ids of the other module's rules that do not apply.
    pub disable: Vec<String>,
}

/// What becomes of the number that is amended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Policy {
    /// The amendment's number takes its place.
    #[default]
    Replace,
    /// Both have to be met.
    MostRestrictive,
}

/// A number in the place of another one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct AmendedCell {
    /// Name of the other module's parameter.
    pub name: String,
    /// Key of its cell; empty for a single number.
    pub key: String,
    /// In `unit`; none: "not permitted".
    pub value: Option<f64>,
    /// Symbol of a [`crate::Unit`]; of the same dimension as the parameter's, but perhaps another one.
    /// Empty for "not permitted".
    pub unit: String,
    /// Where the amendment says so.
    pub citation: String,
}

impl Policy {
    /// Its name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Replace => "replace",
            Policy::MostRestrictive => "most_restrictive",
        }
    }
}

impl Amends {
    pub(crate) fn write(&self, o: &mut Object<'_>) {
        o.text("module", &self.module);
        o.text("policy", self.policy.name());
        o.list("parameters", &self.parameters, |p, o| {
            o.text("name", &p.name);
            o.text("key", &p.key);
            o.number("value", p.value);
            o.text("unit", &p.unit);
            o.text("citation", &p.citation);
        });
        o.texts("disable", &self.disable);
    }

    /// What contradicts itself, if anything.
    #[cfg(feature = "read")]
    pub(crate) fn check(&self, own: &str) -> Option<String> {
        if !id_ok(&self.module) {
            return Some(format!(
                "it amends {:?}: want a module id of lower-case letters, digits, - and _",
                self.module
            ));
        }
        if self.module == own {
            return Some("it amends itself".to_owned());
        }
        if self.parameters.len() + self.disable.len() > MAX_ITEMS {
            return Some(format!("more than {MAX_ITEMS} amendments"));
        }
        let mut seen = std::collections::HashSet::new();
        for p in &self.parameters {
            let unit = Unit::from_symbol(&p.unit);
            if unit.is_none() && (p.value.is_some() || !p.unit.is_empty()) {
                return Some(format!("amended {:?}: unknown unit {:?}", p.name, p.unit));
            }
            if p.name.is_empty() {
                return Some("an amended parameter has no name".to_owned());
            }
            if !seen.insert((p.name.as_str(), p.key.as_str())) {
                return Some(format!("{:?} {:?} is amended twice", p.name, p.key));
            }
        }
        let mut rules = std::collections::HashSet::new();
        for rule in &self.disable {
            if !id_ok(rule) {
                return Some(format!("disabled rule {rule:?} is no id of a rule"));
            }
            if !rules.insert(rule) {
                return Some(format!("rule {rule:?} is disabled twice"));
            }
        }
        None
    }
}

#[cfg(all(test, feature = "read"))]
mod tests {
    use super::*;
    use crate::Manifest;

    fn manifest(change: impl FnOnce(&mut Amends)) -> Manifest {
        let mut amends = Amends {
            module: "us-ibc-2024".to_owned(),
            policy: Policy::MostRestrictive,
            parameters: vec![
                AmendedCell {
                    name: "door_width".to_owned(),
                    key: String::new(),
                    value: Some(36.0),
                    unit: "in".to_owned(),
                    citation: "City Code §3".to_owned(),
                },
                AmendedCell {
                    name: "load_factor".to_owned(),
                    key: "office".to_owned(),
                    value: None,
                    unit: String::new(),
                    citation: "City Code §4".to_owned(),
                },
            ],
            disable: vec!["guard-height".to_owned()],
        };
        change(&mut amends);
        let mut manifest = Manifest {
            contract: crate::VERSION.to_owned(),
            amends: Some(amends),
            ..Manifest::default()
        };
        manifest.module.id = "us-city".to_owned();
        manifest
    }

    type Change = fn(&mut Amends);

    fn read(change: impl FnOnce(&mut Amends)) -> Result<Manifest, String> {
        Manifest::from_json(&manifest(change).to_json()).map_err(|e| e.0)
    }

    #[test]
    fn amendments_survive_the_way_through_json() {
        assert_eq!(read(|_| ()), Ok(manifest(|_| ())));
    }

    #[test]
    fn a_manifest_without_amendments_says_nothing_of_them() {
        let plain = Manifest {
            amends: None,
            ..manifest(|_| ())
        };
        assert!(!plain.to_json().contains("amends"));
        assert_eq!(Manifest::from_json(&plain.to_json()), Ok(plain));
    }

    #[test]
    fn amendments_that_contradict_themselves_are_refused() {
        let changes: [(Change, &str); 6] = [
            (|a| a.module = "us-city".to_owned(), "amends itself"),
            (|a| a.module = "A city".to_owned(), "want a module id"),
            (|a| a.parameters.swap(0, 1), ""),
            (|a| a.parameters.extend_from_within(..1), "is amended twice"),
            (
                |a| {
                    a.parameters
                        .iter_mut()
                        .for_each(|p| p.unit = "cubit".to_owned())
                },
                "unknown unit",
            ),
            (
                |a| a.disable.push("guard-height".to_owned()),
                "disabled twice",
            ),
        ];
        for (change, part) in changes {
            match read(change) {
                Ok(_) => assert_eq!(part, ""),
                Err(why) => assert!(!part.is_empty() && why.contains(part), "{why}"),
            }
        }
    }
}
