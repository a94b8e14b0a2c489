//! Reading the model while noting which elements an answer depends on.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{ElementId, Model, Reading, Value};

/// The elements that an answer was read from. An edit of any of them may change the answer.
#[derive(Debug, Default)]
pub struct Dependencies {
    elements: Vec<ElementId>,
    shared: Vec<Arc<Dependencies>>,
    /// The last edit that was held against this set, and its outcome: `edit << 1 | dirty`.
    seen: AtomicU64,
}

impl Dependencies {
    /// Whether one of the edited elements is in this set. `edit` is a number that grows with each
    /// edit: the answer is remembered under it, since many rows share a set.
    pub fn touched_by(&self, edit: u64, edited: &dyn Fn(ElementId) -> bool) -> bool {
        let seen = self.seen.load(Ordering::Relaxed);
        if seen >> 1 == edit {
            return seen & 1 == 1;
        }
        let dirty = self.elements.iter().any(|e| edited(*e))
            || self.shared.iter().any(|s| s.touched_by(edit, edited));
        self.seen
            .store(edit << 1 | u64::from(dirty), Ordering::Relaxed);
        dirty
    }

    /// Whether everything of `other` is in one of these sets: then it need not be kept.
    #[must_use]
    pub fn covered(other: &Dependencies, by: &[Arc<Dependencies>]) -> bool {
        let known = |e: &ElementId| by.iter().any(|set| set.elements.contains(e));
        let shared = |s: &Arc<Dependencies>| {
            let is = |known: &Arc<Dependencies>| Arc::ptr_eq(known, s);
            by.iter().any(|set| is(set) || set.shared.iter().any(is))
        };
        // Sets of a row are small; a long one is kept rather than searched.
        let short = |n: usize| n <= 32;
        short(other.elements.len())
            && short(other.shared.len())
            && by
                .iter()
                .all(|set| short(set.elements.len()) && short(set.shared.len()))
            && other.elements.iter().all(known)
            && other.shared.iter().all(shared)
    }

    fn note(&mut self, element: ElementId) {
        // Only the latest are compared: a doubled entry costs little, a long search would not.
        if !self.elements.iter().rev().take(8).any(|e| *e == element) {
            self.elements.push(element);
        }
    }
}

/// Reads facts' sources from a model and notes every element it looks at.
#[derive(Debug)]
pub struct Reader<'m> {
    model: &'m Model,
    frames: RefCell<Vec<Dependencies>>,
}

impl<'m> Reader<'m> {
    /// A reader of this model.
    #[must_use]
    pub fn new(model: &'m Model) -> Reader<'m> {
        Reader {
            model,
            frames: RefCell::new(Vec::new()),
        }
    }

    /// The model, for what does not depend on a single element.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Runs `read` and returns what it depended on. The set is also noted in the frame around.
    pub fn record<T>(&self, read: impl FnOnce() -> T) -> (T, Arc<Dependencies>) {
        self.frames.borrow_mut().push(Dependencies::default());
        let result = read();
        let frame = Arc::new(self.frames.borrow_mut().pop().unwrap_or_default());
        self.share(&frame);
        (result, frame)
    }

    /// Notes a set that was recorded earlier.
    pub fn share(&self, set: &Arc<Dependencies>) {
        if let Some(frame) = self.frames.borrow_mut().last_mut()
            && !frame
                .shared
                .iter()
                .rev()
                .take(8)
                .any(|s| Arc::ptr_eq(s, set))
        {
            frame.shared.push(Arc::clone(set));
        }
    }

    /// Notes that the answer depends on this element.
    pub fn touch(&self, element: ElementId) {
        if let Some(frame) = self.frames.borrow_mut().last_mut() {
            frame.note(element);
        }
    }

    /// An attribute of the element.
    #[must_use]
    pub fn attribute(&self, element: ElementId, name: &str) -> Option<Reading> {
        self.touch(element);
        self.model.attribute(element, name)
    }

    /// An attribute of the element's type.
    #[must_use]
    pub fn type_attribute(&self, element: ElementId, name: &str) -> Option<Reading> {
        self.touch(element);
        self.model.type_attribute(element, name)
    }

    /// A property, occurrence before type; an empty set name means any set.
    #[must_use]
    pub fn property(&self, element: ElementId, set: &str, name: &str) -> Option<Reading> {
        self.touch(element);
        self.model.property(element, set, name)
    }

    /// A quantity; an empty set name means any set.
    #[must_use]
    pub fn quantity(&self, element: ElementId, set: &str, name: &str) -> Option<Reading> {
        self.touch(element);
        self.model.quantity(element, set, name)
    }

    /// The storey an element is in, directly or not.
    #[must_use]
    pub fn storey(&self, element: ElementId) -> Option<ElementId> {
        self.one(element, self.model.storey(element))
    }

    /// The building an element is in, directly or not.
    #[must_use]
    pub fn building(&self, element: ElementId) -> Option<ElementId> {
        self.one(element, self.model.building(element))
    }

    /// The whole that an element is a part of.
    #[must_use]
    pub fn parent(&self, element: ElementId, class: &str) -> Option<ElementId> {
        let parent = self
            .model
            .parent(element)
            .filter(|p| self.model.is_a(*p, class));
        self.one(element, parent)
    }

    /// The parts of an element that are of this class.
    #[must_use]
    pub fn parts(&self, element: ElementId, class: &str) -> Vec<ElementId> {
        let parts = self.model.parts(element);
        self.many(
            element,
            parts
                .iter()
                .copied()
                .filter(|p| self.model.is_a(*p, class))
                .collect(),
        )
    }

    /// All elements of this class in a spatial element, directly or not.
    #[must_use]
    pub fn within(&self, element: ElementId, class: &str) -> Vec<ElementId> {
        self.many(element, self.model.within(element, class))
    }

    /// The spaces that this element bounds.
    #[must_use]
    pub fn bounded_spaces(&self, element: ElementId) -> Vec<ElementId> {
        self.many(element, self.model.bounded_spaces(element).to_vec())
    }

    /// Whether every space boundary of this element is said to be external, and there is one.
    #[must_use]
    pub fn bounds_outside(&self, element: ElementId) -> bool {
        self.touch(element);
        self.model.bounds_outside(element)
    }

    /// The elements of this class that bound a space.
    #[must_use]
    pub fn boundaries(&self, space: ElementId, class: &str) -> Vec<ElementId> {
        let all = self.model.space_boundaries(space);
        self.many(
            space,
            all.iter()
                .copied()
                .filter(|b| self.model.is_a(*b, class))
                .collect(),
        )
    }

    /// A property that is a text.
    #[must_use]
    pub fn text(&self, element: ElementId, set: &str, name: &str) -> Option<String> {
        match self.property(element, set, name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An attribute that is a text.
    #[must_use]
    pub fn text_attribute(&self, element: ElementId, name: &str) -> Option<String> {
        match self.attribute(element, name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn one(&self, element: ElementId, found: Option<ElementId>) -> Option<ElementId> {
        self.touch(element);
        if let Some(found) = found {
            self.touch(found);
        }
        found
    }

    fn many(&self, element: ElementId, found: Vec<ElementId>) -> Vec<ElementId> {
        self.touch(element);
        found
            .into_iter()
            .filter(|e| !self.model.is_repeat(*e))
            .collect()
    }

    /// The spaces in a spatial element; of one that is divided into spaces, the parts alone.
    #[must_use]
    pub fn spaces_within(&self, element: ElementId) -> Vec<ElementId> {
        let mut all = self.within(element, "IfcSpace");
        all.retain(|space| {
            let parts = self.model.parts(*space);
            !parts.iter().any(|part| self.model.is_a(*part, "IfcSpace"))
        });
        all
    }

    /// Those of some doors that people walk through.
    #[must_use]
    pub fn doorways(&self, mut doors: Vec<ElementId>) -> Vec<ElementId> {
        doors.retain(|door| {
            self.touch(*door);
            super::door::is_doorway(self, *door)
        });
        doors
    }
}
