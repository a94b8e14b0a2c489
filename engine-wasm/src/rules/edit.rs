//! Edits of a loaded model.

mod json;

use std::collections::BTreeSet;

use thiserror::Error;

use crate::model::{EditValue, ElementId, Model, ModelError, NewElement};

/// One change of the model. Elements are named by GlobalId; numbers are in SI. Read from JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets a property, or removes it when there is no value.
    SetProperty {
        /// GlobalId.
        element: String,
        /// Property set; empty: the element's own.
        set: String,
        /// Property.
        name: String,
        /// The new value.
        value: Option<EditValue>,
    },
    /// Sets an attribute, or removes its value.
    SetAttribute {
        /// GlobalId.
        element: String,
        /// IFC name.
        name: String,
        /// The new value.
        value: Option<EditValue>,
    },
    /// Takes back what was set for a property: what the file says counts again.
    RestoreProperty {
        /// GlobalId.
        element: String,
        /// Property set, as in the edit that is taken back.
        set: String,
        /// Property.
        name: String,
    },
    /// Takes back what was set for an attribute.
    RestoreAttribute {
        /// GlobalId.
        element: String,
        /// IFC name.
        name: String,
    },
    /// Adds an element.
    AddElement {
        /// GlobalId; must be new.
        global_id: String,
        /// IFC class.
        class: String,
        /// Its name.
        name: Option<String>,
        /// GlobalId of the spatial element that contains it.
        container: Option<String>,
        /// Attributes by IFC name.
        attributes: Vec<(String, EditValue)>,
        /// Properties: set, name, value.
        properties: Vec<(String, String, EditValue)>,
        /// GlobalIds of the spaces it bounds, or of the elements that bound it.
        bounds: Vec<String>,
    },
    /// Removes an element and its parts.
    RemoveElement {
        /// GlobalId.
        element: String,
    },
}

/// Why an edit is refused. The edits before it in the list are applied.
#[derive(Debug, Error)]
pub enum EditError {
    /// There is no such element.
    #[error("edit {index}: the model has no element {global_id:?}")]
    NoElement {
        /// Position in the list.
        index: usize,
        /// As given.
        global_id: String,
    },
    /// The model refuses it.
    #[error("edit {index}: {source}")]
    Model {
        /// Position in the list.
        index: usize,
        /// Why.
        source: ModelError,
    },
}

/// Applies one edit; `touched` is told every element whose answers may change.
///
/// # Errors
/// An element is not there, or the model refuses the change.
pub fn apply(
    model: &mut Model,
    index: usize,
    edit: Edit,
    touched: &mut dyn FnMut(ElementId),
) -> Result<Structure, EditError> {
    let find = |model: &Model, global_id: &str| {
        model
            .find(global_id)
            .filter(|e| model.is_live(*e))
            .ok_or_else(|| EditError::NoElement {
                index,
                global_id: global_id.to_owned(),
            })
    };
    match edit {
        Edit::SetProperty {
            element,
            set,
            name,
            value,
        } => {
            let element = find(model, &element)?;
            model.set_property(element, &set, &name, value);
            touched(element);
            Ok(Structure::Same)
        }
        Edit::SetAttribute {
            element,
            name,
            value,
        } => {
            let element = find(model, &element)?;
            model
                .check_attribute(element, &name)
                .map_err(|source| EditError::Model { index, source })?;
            model.set_attribute(element, &name, value);
            touched(element);
            Ok(Structure::Same)
        }
        Edit::RestoreProperty { element, set, name } => {
            let element = find(model, &element)?;
            model.restore_property(element, &set, &name);
            touched(element);
            Ok(Structure::Same)
        }
        Edit::RestoreAttribute { element, name } => {
            let element = find(model, &element)?;
            model.restore_attribute(element, &name);
            touched(element);
            Ok(Structure::Same)
        }
        Edit::AddElement {
            global_id,
            class,
            name,
            container,
            attributes,
            properties,
            bounds,
        } => {
            let container = container.map(|c| find(model, &c)).transpose()?;
            let bounds = bounds
                .iter()
                .map(|b| find(model, b))
                .collect::<Result<Vec<_>, _>>()?;
            let new = NewElement {
                global_id,
                class,
                name,
                container,
                attributes,
                properties,
                bounds,
            };
            let element = model
                .add_element(new)
                .map_err(|source| EditError::Model { index, source })?;
            around(model, element, touched);
            Ok(Structure::Changed)
        }
        Edit::RemoveElement { element } => {
            let element = find(model, &element)?;
            let mut removed = BTreeSet::from([element]);
            let mut open = vec![element];
            while let Some(next) = open.pop() {
                around(model, next, touched);
                open.extend(model.parts(next).iter().filter(|p| removed.insert(**p)));
            }
            model.remove_element(element);
            Ok(Structure::Changed)
        }
    }
}

/// Whether elements came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// Only values changed.
    Same,
    /// Rows of views may have changed.
    Changed,
}

/// Every element whose relations name this one.
fn around(model: &Model, element: ElementId, touched: &mut dyn FnMut(ElementId)) {
    touched(element);
    let mut above = model.parent(element);
    let mut steps = 0;
    while let Some(e) = above {
        touched(e);
        above = model.parent(e);
        steps += 1;
        if steps > 1000 {
            break;
        }
    }
    for e in [
        model.container(element),
        model.storey(element),
        model.building(element),
        model.fills(element),
    ]
    .into_iter()
    .flatten()
    {
        touched(e);
    }
    for list in [
        model.bounded_spaces(element),
        model.space_boundaries(element),
        model.parts(element),
        model.contained(element),
        model.connected(element),
        model.groups(element),
    ] {
        for e in list {
            touched(*e);
        }
    }
    for e in model.fillers(element) {
        touched(e);
    }
}
