//! What a property holds.

use super::{Shape, Typed};
use crate::ids::check::Checker;
use crate::ids::symbols::Sym;
use crate::step::{RecordIx, Value};

impl<'m> Checker<'m, '_> {
    /// The data type of a value: the one around it, else the declared one.
    pub(super) fn data_type(&mut self, value: Value<'m>, declared: &str) -> Option<Sym> {
        match value {
            Value::Typed(keyword, _) => Some(self.symbols.upper(keyword)),
            _ if declared.is_empty() => None,
            _ => {
                let name = format!("IFC{}", declared.to_ascii_uppercase());
                Some(self.symbols.owned(name))
            }
        }
    }

    fn typed(&mut self, value: Value<'m>, unit: Value<'m>) -> Option<Typed> {
        let scalar = self.scalar(value, "", unit)?;
        Some((self.data_type(value, ""), scalar))
    }

    fn list(&mut self, value: Value<'m>, unit: Value<'m>) -> Vec<Typed> {
        value
            .as_list()
            .into_iter()
            .flatten()
            .filter_map(|value| self.typed(value, unit))
            .collect()
    }

    /// A value that is a list or bytes, as `IFCCOMPOUNDPLANEANGLEMEASURE((51,30,0))`.
    fn opaque(&mut self, value: Value<'m>) -> Option<Shape> {
        let there = match value.untyped() {
            Value::List(list) => !list.is_empty(),
            Value::Binary(_) => true,
            _ => false,
        };
        there.then(|| Shape::Opaque(self.data_type(value, "")))
    }

    /// What a property holds; none when that is nothing.
    pub(super) fn shape(&mut self, record: RecordIx) -> Option<Shape> {
        let property = self.file.step().record(record);
        let arg = |place| property.arg(place);
        let several = |all: Vec<Typed>| (!all.is_empty()).then_some(Shape::Several(all));
        match property.name() {
            "IFCPROPERTYSINGLEVALUE" => match self.typed(arg(2), arg(3)) {
                Some(typed) => Some(Shape::Single(typed)),
                None => self.opaque(arg(2)),
            },
            "IFCPROPERTYENUMERATEDVALUE" => {
                let unit = match self.file.follow(arg(3)) {
                    Some(enumeration) => self.file.step().record(enumeration).arg(2),
                    None => Value::Null,
                };
                several(self.list(arg(2), unit))
            }
            "IFCPROPERTYLISTVALUE" => several(self.list(arg(2), arg(3))),
            "IFCPROPERTYTABLEVALUE" => {
                let mut all = self.list(arg(2), arg(5));
                all.extend(self.list(arg(3), arg(6)));
                several(all)
            }
            "IFCPROPERTYBOUNDEDVALUE" => {
                let unit = arg(4);
                let upper = self.typed(arg(2), unit);
                let lower = self.typed(arg(3), unit);
                let set_point = self.typed(arg(5), unit);
                let given = upper.is_some() || lower.is_some() || set_point.is_some();
                given.then_some(Shape::Bounded {
                    lower,
                    upper,
                    set_point,
                })
            }
            "IFCCOMPLEXPROPERTY" | "IFCPROPERTYREFERENCEVALUE" | "IFCPHYSICALCOMPLEXQUANTITY" => {
                Some(Shape::Unsupported)
            }
            _ => {
                let schema = self.file.schema();
                let class = self.file.class(record)?;
                if !schema.is_a(class, schema.class("IfcPhysicalSimpleQuantity")?) {
                    return None;
                }
                let declared = schema.attributes(class).get(3)?.measure;
                let value = self.scalar(arg(3), declared, arg(2))?;
                Some(Shape::Single((self.data_type(arg(3), declared), value)))
            }
        }
    }
}
