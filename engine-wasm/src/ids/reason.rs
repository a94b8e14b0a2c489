//! Why an element fails, in words: what was found of it and where. Only what is reported is worded,
//! and looked at again for what it has instead.

use std::collections::HashMap;

use super::check::{Checker, Place, PropertyWhy, Why};
use super::hash::Build;
use super::plan::{Ask, ColumnId, ConstraintId, EntityAsk, Plan};
use super::property::Instead;
use super::scalar::Scalar;
use super::shown;
use super::symbols::Sym;
use super::wording::{listed, quoted};
use crate::report::finding::shortened;
use crate::step::RecordIx;

/// Words what was found of elements.
pub(super) struct Reasons<'c, 'm, 'p> {
    pub checker: &'c mut Checker<'m, 'p>,
    /// What elements have instead of a property; many requirements may ask for the same one.
    instead: HashMap<(RecordIx, ColumnId), Option<Instead>, Build>,
}

impl<'c, 'm, 'p> Reasons<'c, 'm, 'p> {
    pub(super) fn new(checker: &'c mut Checker<'m, 'p>) -> Self {
        Reasons {
            checker,
            instead: HashMap::default(),
        }
    }

    fn text(&self, sym: Sym) -> &str {
        self.checker.symbols.get(sym)
    }

    fn plan(&self) -> &'p Plan {
        self.checker.plan
    }

    /// The one text that a constraint wants.
    fn wanted(&self, id: ConstraintId) -> Option<String> {
        let text = self.plan().constraint(id)?.text()?;
        Some(shortened(text))
    }

    /// The class of a record as IFC writes it; as the file does where the schema has none.
    pub(super) fn class(&self, record: RecordIx) -> String {
        let schema = self.checker.file.schema();
        let keyword = self.checker.file.step().record(record).name();
        schema.class(keyword).map_or_else(
            || keyword.to_owned(),
            |class| schema.class_name(class).to_owned(),
        )
    }

    fn numbered(&self, record: RecordIx) -> String {
        let number = self.checker.file.step().number(record);
        format!("{} #{number}", self.class(record))
    }

    /// What was found, as the object of "found". `instead`: say what comes near, too.
    pub(super) fn found(
        &mut self,
        record: RecordIx,
        ask: &'p Ask,
        why: &Why,
        instead: bool,
    ) -> String {
        match why {
            Why::Class => self.class(record),
            Why::Predefined(None) => "no predefined type".to_owned(),
            Why::Predefined(Some(own)) => format!("predefined type {}", quoted(self.text(*own))),
            Why::NoAttribute => format!("no such attribute of {}", self.class(record)),
            Why::AttributeAbsent(name) => format!("no {}", self.text(*name)),
            Why::AttributeDerived(name) => {
                format!(
                    "{} is derived (*), which IDS cannot check",
                    self.text(*name)
                )
            }
            Why::AttributeEmpty(name) => format!("{} is empty", self.text(*name)),
            Why::AttributeObject(name) => format!(
                "{} is an object or a list, which has no value to compare",
                self.text(*name)
            ),
            Why::AttributeValue(name, value) => self.attribute(record, ask, *name, value),
            Why::NoSet | Why::NoProperty(_) => self.no_property(record, ask, why, instead),
            Why::Property(why, place) => self.property(record, ask, why, place),
            Why::NoMaterial => "no material".to_owned(),
            Why::Material => {
                self.checker.turn_to(record);
                let all = self.checker.material_candidates();
                match all.as_slice() {
                    [] => "a material without name and category".to_owned(),
                    [one] => format!("material {}", quoted(self.text(*one))),
                    many => format!("materials {}", listed(many.iter().map(|m| self.text(*m)))),
                }
            }
            Why::NoClassification => "no classification".to_owned(),
            Why::Classification(system, value) => self.classification(*system, *value),
            Why::NotPart => "that it is part of nothing".to_owned(),
            Why::PartOf(whole) => format!("that it is part of {}", self.numbered(*whole)),
            Why::Present => self.present(record, ask),
        }
    }

    /// What is there and may not be.
    pub(super) fn present(&mut self, record: RecordIx, ask: &'p Ask) -> String {
        self.checker.turn_to(record);
        let checker = &mut *self.checker;
        let found = match ask {
            Ask::Entity(entity) => return self.entity(record, *entity),
            Ask::Attribute { name, value } => {
                checker
                    .attribute_found(*name, *value)
                    .map(|(name, value)| match value {
                        Some(value) => self.attribute(record, ask, name, &value),
                        None => self.text(name).to_owned(),
                    })
            }
            Ask::Property {
                column,
                data_type,
                value,
            } => {
                let data_type = data_type.clone().map(|name| checker.symbols.owned(name));
                let found = checker.property_found(*column, data_type, *value);
                found.map(|(typed, place)| {
                    self.property(record, ask, &PropertyWhy::Value(typed), &place)
                })
            }
            Ask::Classification { system, value } => checker
                .classification_found(*system, *value)
                .map(|(system, value)| self.classification(system, value)),
            Ask::Material { value } => {
                let all = checker.material_candidates();
                let right = all.iter().find(|name| {
                    value.is_none_or(|wanted| checker.satisfies(wanted, Scalar::Text(**name)))
                });
                right.map(|name| format!("material {}", quoted(self.text(*name))))
            }
            Ask::PartOf { entity, relation } => checker
                .whole(*entity, *relation)
                .ok()
                .map(|whole| format!("that it is part of {}", self.numbered(whole))),
        };
        found.unwrap_or_else(|| "it".to_owned())
    }

    fn entity(&mut self, record: RecordIx, ask: EntityAsk) -> String {
        let class = self.class(record);
        let own = ask
            .predefined_type
            .and_then(|wanted| self.checker.predefined_found(record, wanted));
        match own {
            Some(own) => format!("{class} of predefined type {}", quoted(self.text(own))),
            None => class,
        }
    }

    fn attribute(&mut self, record: RecordIx, ask: &Ask, name: Sym, value: &Scalar<Sym>) -> String {
        let wanted = match ask {
            Ask::Attribute { value, .. } => *value,
            _ => None,
        };
        let schema = self.checker.file.schema();
        let attributes = self
            .checker
            .file
            .class(record)
            .map(|c| schema.attributes(c));
        let measure = attributes
            .into_iter()
            .flatten()
            .find(|attribute| attribute.name == self.text(name))
            .map_or("", |attribute| attribute.measure);
        let unit = shown::unit(measure);
        format!(
            "{} in {}",
            self.scalar(value, wanted, unit),
            self.text(name)
        )
    }

    fn property(
        &mut self,
        record: RecordIx,
        ask: &Ask,
        why: &PropertyWhy,
        place: &Place,
    ) -> String {
        let wanted = match ask {
            Ask::Property { value, .. } => *value,
            _ => None,
        };
        let what = match why {
            PropertyWhy::Unsupported => "a complex or reference property".to_owned(),
            PropertyWhy::Opaque => "a list or bytes, which have no value to compare".to_owned(),
            PropertyWhy::DataType(Some(own)) => self.text(*own).to_owned(),
            PropertyWhy::DataType(None) => "no data type".to_owned(),
            PropertyWhy::Value(Some((data_type, value))) => {
                let unit = data_type.and_then(|name| shown::unit(self.text(name)));
                self.scalar(value, wanted, unit)
            }
            // Without a value to show, it is there.
            PropertyWhy::Value(None) => return self.property_place(record, place),
        };
        format!("{what} in {}", self.property_place(record, place))
    }

    /// `Pset_DoorCommon.FireRating (#55) of type #12`
    fn property_place(&self, record: RecordIx, place: &Place) -> String {
        let step = self.checker.file.step();
        let on_type = match self.checker.index.type_of(record) {
            Some(of_type) if place.on_type => format!(" of type #{}", step.number(of_type)),
            _ => String::new(),
        };
        format!(
            "{}.{} (#{}){on_type}",
            shortened(self.text(place.set)),
            shortened(self.text(place.name)),
            step.number(place.record)
        )
    }

    /// No such set, or none of that name in it; and what there is instead.
    fn no_property(&mut self, record: RecordIx, ask: &Ask, why: &Why, instead: bool) -> String {
        let Ask::Property { column, .. } = ask else {
            return "no such property".to_owned();
        };
        let names = self.plan().columns.get(*column as usize).copied();
        let name = names.and_then(|(_, name)| self.wanted(name));
        let property = name.as_deref().unwrap_or("such property");
        let plain = match why {
            Why::NoProperty(set) => format!("no {property} in {}", shortened(self.text(*set))),
            _ => match names.and_then(|(set, _)| self.wanted(set)) {
                Some(set) => format!("no {set}"),
                None => "no such property set".to_owned(),
            },
        };
        if !instead {
            return plain;
        }
        let checker = &mut *self.checker;
        let found = *self.instead.entry((record, *column)).or_insert_with(|| {
            checker.turn_to(record);
            checker.instead(*column)
        });
        let shown = |sym: Sym| shortened(self.text(sym));
        match found {
            Some(Instead::Empty { set, name, record }) => format!(
                "{} is empty in {} (#{})",
                shown(name),
                shown(set),
                self.checker.file.step().number(record)
            ),
            Some(Instead::Elsewhere { set, name }) => {
                format!("{plain}; {} is in {}", shown(name), shown(set))
            }
            Some(Instead::Alike { name }) => format!("{plain}; it has {}", quoted(self.text(name))),
            Some(Instead::SetAlike { set }) => {
                format!("{plain}; there is {}", quoted(self.text(set)))
            }
            None => plain,
        }
    }

    fn classification(&self, system: Option<Sym>, value: Option<Sym>) -> String {
        let shown =
            |sym: Option<Sym>| sym.map_or("nothing".to_owned(), |sym| quoted(self.text(sym)));
        format!("classification {} in {}", shown(value), shown(system))
    }

    /// A value; a number with its unit, rounded where that leaves it on the side of `wanted` that
    /// it is on.
    fn scalar(
        &mut self,
        value: &Scalar<Sym>,
        wanted: Option<ConstraintId>,
        unit: Option<&str>,
    ) -> String {
        match value {
            Scalar::Text(sym) => quoted(self.text(*sym)),
            Scalar::Real(exact) => {
                let checker = &mut *self.checker;
                let number = shown::number(*exact, |rounded| {
                    wanted.is_none_or(|wanted| {
                        checker.satisfies(wanted, Scalar::Real(rounded))
                            == checker.satisfies(wanted, Scalar::Real(*exact))
                    })
                });
                match unit.filter(|_| exact.is_finite()) {
                    Some(unit) => format!("{number} {unit}"),
                    None => number,
                }
            }
            Scalar::Integer(number) => number.to_string(),
            Scalar::Boolean(truth) => truth.to_string(),
        }
    }
}
