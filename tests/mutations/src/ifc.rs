//! Where IFC keeps things, as far as mutants need it: elements by GlobalId, property sets and
//! quantities of occurrences and types, what contains what.

use crate::step::{Id, Step, list, references};
use crate::units::{Measure, Units, value};

/// An IFC file whose units are known.
#[derive(Clone, Debug)]
pub struct Ifc {
    /// Its records.
    pub step: Step,
    /// Its units.
    pub units: Units,
    /// Counts the GlobalIds that were given out.
    made: u32,
}

/// A GlobalId that says what it is of.
#[must_use]
pub fn global_id(name: &str) -> String {
    format!("0{name:_<21}")
}

impl Ifc {
    /// An IFC file in these units.
    #[must_use]
    pub fn new(text: &str, units: Units) -> Ifc {
        Ifc {
            step: Step::parse(text),
            units,
            made: 0,
        }
    }

    /// A new GlobalId, as an argument.
    pub fn guid(&mut self) -> String {
        self.made += 1;
        format!("'{}'", global_id(&format!("Made_{}", self.made)))
    }

    /// The record of this GlobalId.
    ///
    /// # Panics
    /// There is none: the mutation is not for this file.
    #[must_use]
    pub fn element(&self, id: &str) -> Id {
        self.find(id)
            .unwrap_or_else(|| panic!("no element {id} in the file"))
    }

    /// The record of this GlobalId, where there is one.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Id> {
        let wanted = format!("'{id}'");
        let mut all = self.step.records();
        all.find(|(_, r)| r.arguments.first() == Some(&wanted))
            .map(|(id, _)| id)
    }

    /// Records of this keyword that name `id` in this argument.
    fn naming(&self, keyword: &str, argument: usize, id: Id) -> Vec<Id> {
        let all = self.step.records().filter(|(_, r)| r.keyword == keyword);
        let naming = all.filter(|(_, r)| {
            let text = r.arguments.get(argument).map_or("", String::as_str);
            references(text).contains(&id)
        });
        naming.map(|(id, _)| id).collect()
    }

    /// The type of an element.
    #[must_use]
    pub fn type_of(&self, element: Id) -> Option<Id> {
        let relation = *self.naming("IFCRELDEFINESBYTYPE", 4, element).first()?;
        references(self.step.argument(relation, 5)).first().copied()
    }

    /// The sets of this name that an element has itself, with the relation that gives each.
    fn own_sets(&self, element: Id, name: &str) -> Vec<(Id, Id)> {
        let wanted = format!("'{name}'");
        let relations = self.naming("IFCRELDEFINESBYPROPERTIES", 4, element);
        let pairs = relations.into_iter().filter_map(|relation| {
            let set = *references(self.step.argument(relation, 5)).first()?;
            (self.step.argument(set, 2) == wanted).then_some((relation, set))
        });
        pairs.collect()
    }

    /// The set of this name, of the element itself or of its type.
    #[must_use]
    pub fn set(&self, element: Id, name: &str) -> Option<Id> {
        let own = self.own_sets(element, name);
        own.first().map(|(_, set)| *set).or_else(|| {
            let wanted = format!("'{name}'");
            let sets = references(self.step.argument(self.type_of(element)?, 5));
            sets.into_iter()
                .find(|set| self.step.argument(*set, 2) == wanted)
        })
    }

    /// Which argument of a set lists its members.
    fn members_at(&self, set: Id) -> usize {
        match self.step.get(set).map(|r| r.keyword.as_str()) {
            Some("IFCELEMENTQUANTITY") => 5,
            _ => 4,
        }
    }

    /// A property or quantity of a set.
    #[must_use]
    pub fn member(&self, set: Id, name: &str) -> Option<Id> {
        let wanted = format!("'{name}'");
        let members = references(self.step.argument(set, self.members_at(set)));
        members
            .into_iter()
            .find(|m| self.step.argument(*m, 0) == wanted)
    }

    /// The property or quantity `set.name` of an element.
    ///
    /// # Panics
    /// The element has none: the mutation is not for this file.
    #[must_use]
    pub fn entry(&self, element: Id, set: &str, name: &str) -> Id {
        let set_id = self.set(element, set);
        set_id
            .and_then(|s| self.member(s, name))
            .unwrap_or_else(|| panic!("no {set}.{name} at #{element}"))
    }

    /// Gives an element a property, as it stands in the file: in place of the one that it has, else
    /// into its set, else into a new one. Sets and properties that others share stay as they are.
    pub fn put(&mut self, element: Id, set: &str, name: &str, text: &str) {
        let wanted = format!("'{name}'");
        let mut members = Vec::new();
        if let Some((relation, old)) = self.own_sets(element, set).first().copied() {
            members = references(self.step.argument(old, 4));
            members.retain(|m| self.step.argument(*m, 0) != wanted);
            self.take_from(relation, 4, element);
        }
        members.push(self.property(name, text));
        let new = self.new_set(set, &members);
        let guid = self.guid();
        let arguments = format!("{guid},$,$,$,(#{element}),#{new}");
        self.step.add("IFCRELDEFINESBYPROPERTIES", &arguments);
    }

    /// The same with a number in SI.
    pub fn put_number(&mut self, element: Id, set: &str, name: &str, si: f64, measure: Measure) {
        let text = value(self.units, si, measure);
        self.put(element, set, name, &text);
    }

    /// A property by itself.
    pub fn property(&mut self, name: &str, text: &str) -> Id {
        let arguments = format!("'{name}',$,{text},$");
        self.step.add("IFCPROPERTYSINGLEVALUE", &arguments)
    }

    /// A property set by itself.
    pub fn new_set(&mut self, name: &str, members: &[Id]) -> Id {
        let arguments = format!("{},$,'{name}',$,{}", self.guid(), list(members));
        self.step.add("IFCPROPERTYSET", &arguments)
    }

    /// Writes a number into a quantity.
    pub fn set_quantity(&mut self, element: Id, set: &str, name: &str, si: f64, measure: Measure) {
        let entry = self.entry(element, set, name);
        let number = self.units.number(si, measure);
        self.step.set(entry, 3, number);
    }

    /// Takes a property or quantity out of its set.
    pub fn remove_entry(&mut self, element: Id, set: &str, name: &str) {
        let entry = self.entry(element, set, name);
        let Some(set) = self.set(element, set) else {
            return;
        };
        let at = self.members_at(set);
        let mut members = references(self.step.argument(set, at));
        members.retain(|m| *m != entry);
        self.step.set(set, at, list(&members));
        self.step.remove(entry);
    }

    /// Moves all members of a set but one into a set of another name, at the same element.
    pub fn move_others(&mut self, element: Id, set: &str, name: &str) {
        let stays = self.entry(element, set, name);
        let Some(old) = self.set(element, set) else {
            return;
        };
        let mut others = references(self.step.argument(old, 4));
        others.retain(|m| *m != stays);
        self.step.set(old, 4, list(&[stays]));
        if others.is_empty() {
            return;
        }
        let new = self.new_set("Others", &others);
        let guid = self.guid();
        let arguments = format!("{guid},$,$,$,(#{element}),#{new}");
        self.step.add("IFCRELDEFINESBYPROPERTIES", &arguments);
    }

    /// Takes all sets of this name from an element.
    pub fn remove_set(&mut self, element: Id, name: &str) {
        for (relation, _) in self.own_sets(element, name) {
            self.take_from(relation, 4, element);
        }
    }

    /// Takes an element out of a relation's list; the relation goes with its last one.
    fn take_from(&mut self, relation: Id, argument: usize, element: Id) {
        let mut members = references(self.step.argument(relation, argument));
        members.retain(|m| *m != element);
        if members.is_empty() {
            self.step.remove(relation);
        } else {
            self.step.set(relation, argument, list(&members));
        }
    }

    /// Gives an element a type that carries this set.
    ///
    /// # Panics
    /// Types of its class are not known here.
    pub fn give_type(&mut self, element: Id, set: Id) {
        let class = self.step.get(element).map(|r| r.keyword.clone());
        let class = class.unwrap_or_default();
        let own = match class.as_str() {
            "IFCDOOR" => "$,$,$,.DOOR.,.NOTDEFINED.,$,$",
            "IFCWINDOW" => "$,$,$,.WINDOW.,.NOTDEFINED.,$,$",
            "IFCSPACE" => "$,$,$,.NOTDEFINED.,$",
            other if TYPES.contains(&other) => "$,$,$,.NOTDEFINED.",
            other => panic!("types of {other} are not known here"),
        };
        let class = format!("{class}TYPE");
        let arguments = format!("{},$,'A type',$,$,(#{set}),{own}", self.guid());
        let made = self.step.add(&class, &arguments);
        let arguments = format!("{},$,$,$,(#{element}),#{made}", self.guid());
        self.step.add("IFCRELDEFINESBYTYPE", &arguments);
    }

    /// Moves an element to another storey: a space is a part of it, all else is contained.
    pub fn move_to(&mut self, element: Id, storey: Id) {
        if self
            .step
            .get(element)
            .is_some_and(|r| r.keyword == "IFCSPACE")
        {
            self.take_out_of_whole(element);
            let arguments = format!("{},$,$,$,#{storey},(#{element})", self.guid());
            self.step.add("IFCRELAGGREGATES", &arguments);
            return;
        }
        for relation in self.naming("IFCRELCONTAINEDINSPATIALSTRUCTURE", 4, element) {
            self.take_from(relation, 4, element);
        }
        let arguments = format!("{},$,$,$,(#{element}),#{storey}", self.guid());
        self.step
            .add("IFCRELCONTAINEDINSPATIALSTRUCTURE", &arguments);
    }

    /// Takes an element out of the whole that it is a part of.
    pub fn take_out_of_whole(&mut self, element: Id) {
        for relation in self.naming("IFCRELAGGREGATES", 5, element) {
            self.take_from(relation, 5, element);
        }
    }

    /// Takes an element away, with its place in the storey and in its whole.
    pub fn delete(&mut self, id: &str) {
        let element = self.element(id);
        self.take_out_of_whole(element);
        for relation in self.naming("IFCRELAGGREGATES", 4, element) {
            self.step.remove(relation);
        }
        for (keyword, argument) in [
            ("IFCRELCONTAINEDINSPATIALSTRUCTURE", 4),
            ("IFCRELDEFINESBYPROPERTIES", 4),
        ] {
            for relation in self.naming(keyword, argument, element) {
                self.take_from(relation, argument, element);
            }
        }
        self.step.remove(element);
    }

    /// Takes away every boundary between a space and an element.
    pub fn unbound(&mut self, space: Id, element: Id) {
        for relation in self.naming("IFCRELSPACEBOUNDARY", 4, space) {
            if references(self.step.argument(relation, 5)) == [element] {
                self.step.remove(relation);
            }
        }
    }

    /// A unit of length of its own, for single properties and quantities.
    pub fn own_unit(&mut self, prefix: &str) -> Id {
        let arguments = format!("*,.LENGTHUNIT.,{prefix},.METRE.");
        self.step.add("IFCSIUNIT", &arguments)
    }
}

/// Classes whose types end after the predefined type.
const TYPES: [&str; 9] = [
    "IFCSTAIRFLIGHT",
    "IFCRAMPFLIGHT",
    "IFCRAILING",
    "IFCTRANSPORTELEMENT",
    "IFCSANITARYTERMINAL",
    "IFCPIPESEGMENT",
    "IFCOUTLET",
    "IFCSWITCHINGDEVICE",
    "IFCELECTRICDISTRIBUTIONBOARD",
];
