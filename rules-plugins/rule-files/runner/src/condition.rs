//! The conditions of a rule, as a program holds them.

use std::borrow::Cow;

use crate::pattern::Pattern;

/// The columns of a value in the batch of its view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Numbers, and 0 and 1 for false and true.
    pub number: u32,
    /// Texts.
    pub text: u32,
    /// Anything as JSON writes it; [`NONE`] where no operator wants it.
    pub written: u32,
}

/// No column.
pub const NONE: u32 = u32::MAX;

/// The columns of the facts of an object that are not its properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its type; [`NONE`] in a view of one type.
    pub object_type: u32,
    /// Its id, where a rule looks for one.
    pub object_id: u32,
    /// The ids it is connected to, one a line, where a rule looks at them.
    pub connections: u32,
    /// Whether its location says something, where a rule measures a distance.
    pub located: u32,
    /// x, y and z, where a rule measures a distance.
    pub place: [Columns; 3],
}

impl Columns {
    /// No columns.
    pub const NONE: Columns = Columns {
        number: NONE,
        text: NONE,
        written: NONE,
    };
}

impl Own {
    /// Of rules that look at their own properties alone, in a view of one type.
    pub const NONE: Own = Own {
        object_type: NONE,
        object_id: NONE,
        connections: NONE,
        located: NONE,
        place: [Columns::NONE; 3],
    };
}

/// What is held against the constant of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A property.
    Property(Columns),
    /// The product of extents of the location where all are positive, else a property, else 0.
    Extent {
        /// Two for an area, three for a volume.
        sides: [Option<Columns>; 3],
        /// The property.
        own: Columns,
    },
    /// The property, else the height of the location, else nothing.
    Height {
        /// The property.
        own: Columns,
        /// That of the location.
        location: Columns,
    },
    /// A tenth of z, cut toward zero.
    Floor(Columns),
}

/// How a value is held against a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs, reason = "the names are those of the format")]
pub enum Operator {
    Equal = 0,
    NotEqual = 1,
    Less = 2,
    AtMost = 3,
    Greater = 4,
    AtLeast = 5,
    In = 6,
    NotIn = 7,
    Contains = 8,
    StartsWith = 9,
    EndsWith = 10,
    Regex = 11,
    /// Equal, and neither zero, false nor empty: systems.
    System = 12,
}

impl Operator {
    pub(crate) const ALL: [Operator; 13] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::AtMost,
        Operator::Greater,
        Operator::AtLeast,
        Operator::In,
        Operator::NotIn,
        Operator::Contains,
        Operator::StartsWith,
        Operator::EndsWith,
        Operator::Regex,
        Operator::System,
    ];

    /// Whether it looks at numbers as texts.
    #[must_use]
    pub fn wants_text(self) -> bool {
        matches!(
            self,
            Operator::StartsWith | Operator::EndsWith | Operator::Regex
        )
    }
}

/// What a value is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant<'p> {
    /// null.
    Null,
    /// An object or a list where none can be equal to it.
    Other,
    /// A number, and 0 and 1 for false and true.
    Number(f64),
    /// A text; for the operators that look at texts, the text of whatever the file says.
    Text(Cow<'p, str>),
    /// A list.
    List(Vec<Constant<'p>>),
    /// A pattern.
    Pattern(Pattern),
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition<'p> {
    /// Holds for no object.
    Never {
        /// The type that it is about; may be empty.
        element_type: &'p str,
    },
    /// A value of the object against a constant.
    Test {
        /// The type that it is about.
        element_type: &'p str,
        /// The value.
        source: Source,
        /// How.
        operator: Operator,
        /// Against what.
        constant: Constant<'p>,
    },
    /// It is connected to an object of a type.
    Linked {
        /// The type that it is about.
        element_type: &'p str,
        /// The type of the other.
        target_type: &'p str,
    },
    /// An object of a type is near.
    Near {
        /// The type that it is about.
        element_type: &'p str,
        /// The type of the other.
        target_type: &'p str,
        /// How far at the most.
        limit: f64,
    },
    /// Its distance from an object against a constant.
    Distance {
        /// The type that it is about.
        element_type: &'p str,
        /// The id of the other.
        target_id: &'p str,
        /// How.
        operator: Operator,
        /// Against what.
        constant: Constant<'p>,
    },
    /// Each of these in turn, among what the one before left.
    All(Vec<Condition<'p>>),
    /// One of these.
    Any(Vec<Condition<'p>>),
}

impl<'p> Condition<'p> {
    /// This condition and those within it.
    pub fn visit(&self, see: &mut dyn FnMut(&Condition<'p>)) {
        see(self);
        if let Condition::All(parts) | Condition::Any(parts) = self {
            for part in parts {
                part.visit(see);
            }
        }
    }

    /// The type that it is about; none for one of several, or of nothing.
    #[must_use]
    pub fn element_type(&self) -> Option<&'p str> {
        match self {
            Condition::Never { element_type }
            | Condition::Test { element_type, .. }
            | Condition::Linked { element_type, .. }
            | Condition::Near { element_type, .. }
            | Condition::Distance { element_type, .. } => {
                (!element_type.is_empty()).then_some(*element_type)
            }
            Condition::All(_) | Condition::Any(_) => None,
        }
    }

    /// How many places in the order of rows there are after it, when there were so many before;
    /// none where they cannot be counted.
    #[must_use]
    pub fn places(&self, before: u64) -> Option<u64> {
        match self {
            Condition::All(parts) => parts.iter().try_fold(before, |n, part| part.places(n)),
            Condition::Any(parts) => {
                let mut most = before;
                for part in parts {
                    most = most.max(part.places(before)?);
                }
                let places = most.checked_mul(parts.len().max(1) as u64)?;
                // A place is told as a number of 64 bits with a fraction.
                (places < 1 << 53).then_some(places)
            }
            _ => Some(before),
        }
    }

    /// Whether the order of rows is not that of the model.
    #[must_use]
    pub fn orders(&self) -> bool {
        let mut any = false;
        self.visit(&mut |condition| any |= matches!(condition, Condition::Any(_)));
        any
    }
}

/// A rule of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule<'p> {
    /// The columns of the view beside those of values.
    pub own: Own,
    /// Holding one after the other.
    pub conditions: Vec<Condition<'p>>,
}
