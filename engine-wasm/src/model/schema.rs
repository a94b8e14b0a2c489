//! The IFC schemas as data: classes, inheritance, attributes.
//!
//! The table in `schema/` is written by `tools/schema_table.py`; each schema is parsed from it once
//! for the process, on first use, in well under a millisecond.

use std::cmp::Ordering;
use std::sync::OnceLock;

use crate::diagnostic::Diagnostics;

/// A version of IFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Schema {
    /// IFC2X3 TC1.
    Ifc2x3,
    /// IFC4 ADD2 TC1 (ISO 16739-1:2018).
    Ifc4,
    /// IFC4X3 ADD2 (ISO 16739-1:2024).
    Ifc4x3,
}

/// A class of a schema; an index that means nothing in another schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ClassId(pub u16);

/// An explicit attribute of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `OverallWidth`
    pub name: &'static str,
    /// The declared type without `Ifc` (`PositiveLengthMeasure`, `Label`), `enum` for
    /// enumerations; empty for references, selects and lists, whose values say what they are.
    pub measure: &'static str,
}

struct Class {
    name: &'static str,
    parent: Option<ClassId>,
    /// Place in a walk through the tree, and the place after the last descendant.
    enter: u16,
    leave: u16,
    /// All attributes, inherited ones first, as a range of `Table::attributes`.
    first: u32,
    count: u32,
}

struct Table {
    /// Sorted by name without regard to case.
    classes: Vec<Class>,
    attributes: Vec<Attribute>,
    /// Classes in the order of the walk.
    walk: Vec<ClassId>,
}

/// Deeper than any schema (IFC goes to 9 or so); guards the walk against a table with a cycle.
const MAX_INHERITANCE: usize = 32;

impl Table {
    /// Reads one schema: the lines whose number, one digit, has its bit.
    fn parse(text: &'static str, bit: u8) -> Table {
        let lines: Vec<&'static str> = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(of, _)| of.parse::<u8>().is_ok_and(|of| of & bit != 0))
            .map(|(_, line)| line)
            .collect();
        let names: Vec<&'static str> = lines
            .iter()
            .map(|line| line.split(' ').next().unwrap_or(""))
            .collect();
        let parents: Vec<Option<ClassId>> = lines
            .iter()
            .map(|line| position(&names, line.split(' ').nth(1).unwrap_or("-")))
            .collect();
        let mut table = Table {
            classes: Vec::new(),
            attributes: Vec::new(),
            walk: Vec::new(),
        };
        for (index, name) in names.iter().enumerate() {
            let first = table.attributes.len();
            for ancestor in lineage(&parents, index).iter().rev() {
                let own = lines
                    .get(*ancestor)
                    .map_or("", |line| *line)
                    .split(' ')
                    .skip(2);
                table.attributes.extend(own.map(|word| {
                    let (name, measure) = word.split_once(':').unwrap_or((word, ""));
                    Attribute { name, measure }
                }));
            }
            table.classes.push(Class {
                name,
                parent: parents.get(index).copied().flatten(),
                enter: 0,
                leave: 0,
                first: first as u32,
                count: (table.attributes.len() - first) as u32,
            });
        }
        table.number(&parents);
        table
    }

    /// Numbers the classes so that descendants are a range.
    fn number(&mut self, parents: &[Option<ClassId>]) {
        let mut children: Vec<Vec<ClassId>> = vec![Vec::new(); parents.len()];
        let mut stack = Vec::new();
        for (index, parent) in parents.iter().enumerate() {
            let class = ClassId(index as u16);
            match parent.and_then(|p| children.get_mut(usize::from(p.0))) {
                Some(list) => list.push(class),
                None => stack.push((class, false)),
            }
        }
        stack.reverse();
        while let Some((class, done)) = stack.pop() {
            let place = self.walk.len() as u16;
            let Some(entry) = self.classes.get_mut(usize::from(class.0)) else {
                continue;
            };
            if done {
                entry.leave = place;
                continue;
            }
            entry.enter = place;
            self.walk.push(class);
            stack.push((class, true));
            if let Some(list) = children.get(usize::from(class.0)) {
                stack.extend(list.iter().rev().map(|child| (*child, false)));
            }
        }
    }
}

/// Position of a class in the sorted names, in any case.
fn position(names: &[&'static str], wanted: &str) -> Option<ClassId> {
    names
        .binary_search_by(|name| compare(name, wanted))
        .ok()
        .map(|index| ClassId(index as u16))
}

/// ASCII order without regard to case.
fn compare(a: &str, b: &str) -> Ordering {
    let upper = |byte: u8| byte.to_ascii_uppercase();
    a.bytes().map(upper).cmp(b.bytes().map(upper))
}

/// A class and its ancestors, nearest first.
fn lineage(parents: &[Option<ClassId>], index: usize) -> Vec<usize> {
    let mut all = vec![index];
    let mut at = index;
    while let Some(Some(parent)) = parents.get(at)
        && all.len() < MAX_INHERITANCE
    {
        at = usize::from(parent.0);
        all.push(at);
    }
    all
}

impl Schema {
    /// All of them, newest first.
    pub const ALL: [Schema; 3] = [Schema::Ifc4x3, Schema::Ifc4, Schema::Ifc2x3];

    /// The schema that a file's header names. IFC4X1 only adds alignments to IFC4; IFC4X2 and the
    /// release candidates of IFC4X3 are read as IFC4X3. Anything else is read as IFC4, and said.
    pub fn detect(names: &[String], diagnostics: &mut Diagnostics) -> Schema {
        for name in names {
            let name = name.trim().to_ascii_uppercase();
            for (prefix, schema) in [
                ("IFC4X1", Schema::Ifc4),
                ("IFC4X", Schema::Ifc4x3),
                ("IFC4", Schema::Ifc4),
                ("IFC2X3", Schema::Ifc2x3),
            ] {
                if name.starts_with(prefix) {
                    return schema;
                }
            }
            if name.starts_with("IFC2") {
                diagnostics.push("model.old-schema", None, None, || {
                    format!("schema {name}: read as IFC2X3, its nearest successor")
                });
                return Schema::Ifc2x3;
            }
        }
        diagnostics.push("model.unknown-schema", None, None, || {
            format!(
                "schema {:?}: read as IFC4",
                names.first().map_or("", String::as_str)
            )
        });
        Schema::Ifc4
    }

    /// `IFC4X3`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Schema::Ifc2x3 => "IFC2X3",
            Schema::Ifc4 => "IFC4",
            Schema::Ifc4x3 => "IFC4X3",
        }
    }

    fn table(self) -> &'static Table {
        static IFC2X3: OnceLock<Table> = OnceLock::new();
        static IFC4: OnceLock<Table> = OnceLock::new();
        static IFC4X3: OnceLock<Table> = OnceLock::new();
        // One text for all: what they share is there once.
        const CLASSES: &str = include_str!("schema/classes.txt");
        match self {
            Schema::Ifc2x3 => IFC2X3.get_or_init(|| Table::parse(CLASSES, 1)),
            Schema::Ifc4 => IFC4.get_or_init(|| Table::parse(CLASSES, 2)),
            Schema::Ifc4x3 => IFC4X3.get_or_init(|| Table::parse(CLASSES, 4)),
        }
    }

    fn entry(self, class: ClassId) -> Option<&'static Class> {
        self.table().classes.get(usize::from(class.0))
    }

    /// The class with this name, in any case: `IfcDoor`, `IFCDOOR`.
    #[must_use]
    pub fn class(self, name: &str) -> Option<ClassId> {
        let classes = &self.table().classes;
        classes
            .binary_search_by(|class| compare(class.name, name))
            .ok()
            .map(|index| ClassId(index as u16))
    }

    /// The class of this name or, when only another schema has it, its nearest ancestor that this
    /// one has too. Attributes of the ancestor are at the same positions.
    #[must_use]
    pub fn nearest_class(self, name: &str) -> Option<ClassId> {
        self.class(name).or_else(|| {
            Schema::ALL
                .into_iter()
                .filter(|other| *other != self)
                .find_map(|other| {
                    let mut at = other.class(name);
                    while let Some(class) = at {
                        if let Some(own) = self.class(other.class_name(class)) {
                            return Some(own);
                        }
                        at = other.parent(class);
                    }
                    None
                })
        })
    }

    /// Its name as IFC writes it; empty for an index of another schema.
    #[must_use]
    pub fn class_name(self, class: ClassId) -> &'static str {
        self.entry(class).map_or("", |entry| entry.name)
    }

    /// What it is a subtype of.
    #[must_use]
    pub fn parent(self, class: ClassId) -> Option<ClassId> {
        self.entry(class)?.parent
    }

    /// Whether `class` is `ancestor` or a subtype of it.
    #[must_use]
    pub fn is_a(self, class: ClassId, ancestor: ClassId) -> bool {
        match (self.entry(class), self.entry(ancestor)) {
            (Some(class), Some(above)) => (above.enter..above.leave).contains(&class.enter),
            _ => false,
        }
    }

    /// Explicit attributes in the order of the file, inherited ones first.
    #[must_use]
    pub fn attributes(self, class: ClassId) -> &'static [Attribute] {
        let Some(entry) = self.entry(class) else {
            return &[];
        };
        let (first, count) = (entry.first as usize, entry.count as usize);
        self.table()
            .attributes
            .get(first..first + count)
            .unwrap_or(&[])
    }

    /// Position of an attribute, spelt as IFC does.
    #[must_use]
    pub fn attribute_index(self, class: ClassId, name: &str) -> Option<usize> {
        self.attributes(class)
            .iter()
            .position(|attribute| attribute.name == name)
    }

    /// The class and its subtypes.
    #[must_use]
    pub fn descendants(self, class: ClassId) -> &'static [ClassId] {
        let Some(entry) = self.entry(class) else {
            return &[];
        };
        let range = usize::from(entry.enter)..usize::from(entry.leave);
        self.table().walk.get(range).unwrap_or(&[])
    }

    /// How many classes there are; every [`ClassId`] is below.
    #[must_use]
    pub fn classes(self) -> usize {
        self.table().classes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(schema: Schema, name: &str) -> ClassId {
        schema
            .class(name)
            .unwrap_or_else(|| panic!("{name} in {schema:?}"))
    }

    #[test]
    fn the_tables_hold_the_schemas() {
        for (schema, entities) in [
            (Schema::Ifc2x3, 653),
            (Schema::Ifc4, 776),
            (Schema::Ifc4x3, 876),
        ] {
            assert_eq!(schema.classes(), entities);
            for index in 0..entities {
                let id = ClassId(index as u16);
                assert_eq!(schema.class(schema.class_name(id)), Some(id));
                assert_eq!(
                    schema.class(&schema.class_name(id).to_uppercase()),
                    Some(id)
                );
                // The walk agrees with the chain of parents.
                let mut up = schema.parent(id);
                while let Some(ancestor) = up {
                    assert!(schema.is_a(id, ancestor) && !schema.is_a(ancestor, id));
                    assert!(schema.descendants(ancestor).contains(&id));
                    up = schema.parent(ancestor);
                }
            }
        }
    }

    #[test]
    fn attributes_come_inherited_first() {
        let s = Schema::Ifc2x3;
        let door = class(s, "ifcdoor");
        let names: Vec<&str> = s.attributes(door).iter().map(|a| a.name).collect();
        assert_eq!(
            names.join(" "),
            "GlobalId OwnerHistory Name Description ObjectType ObjectPlacement Representation Tag \
             OverallHeight OverallWidth"
        );
        assert_eq!(s.attribute_index(door, "OverallWidth"), Some(9));
        assert_eq!(s.attributes(door)[9].measure, "PositiveLengthMeasure");
        assert!(s.is_a(door, class(s, "IfcProduct")) && !s.is_a(door, class(s, "IfcWall")));
    }

    #[test]
    fn detection() {
        for (name, schema, said) in [
            ("IFC2X3", Schema::Ifc2x3, 0),
            ("ifc4", Schema::Ifc4, 0),
            ("IFC4X1", Schema::Ifc4, 0),
            ("IFC4X2", Schema::Ifc4x3, 0),
            ("IFC4X3_ADD2", Schema::Ifc4x3, 0),
            ("IFC2X2_FINAL", Schema::Ifc2x3, 1),
            ("AUTOMOTIVE_DESIGN", Schema::Ifc4, 1),
        ] {
            let mut diagnostics = Diagnostics::default();
            assert_eq!(
                Schema::detect(&[name.to_owned()], &mut diagnostics),
                schema,
                "{name}"
            );
            assert_eq!(diagnostics.total(), said, "{name}");
        }
        assert_eq!(
            Schema::detect(&[], &mut Diagnostics::default()),
            Schema::Ifc4
        );
    }

    #[test]
    fn classes_of_other_schemas_are_read_as_their_nearest_ancestor() {
        let near = |s: Schema, name| s.nearest_class(name).map(|c| s.class_name(c));
        assert_eq!(near(Schema::Ifc4x3, "IFCDOORSTANDARDCASE"), Some("IfcDoor"));
        assert_eq!(near(Schema::Ifc2x3, "IFCOUTLET"), Some("IfcFlowTerminal"));
        assert_eq!(near(Schema::Ifc4, "IFCNOSUCHTHING"), None);
    }
}
