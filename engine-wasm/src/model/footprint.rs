//! Footprints, the cheap case: one straight extrusion of a rectangle or a polygon.
//!
//! Anything else (curved sides, holes, clipped or meshed bodies) gives none. The points are in the
//! element's own placement; only areas, lengths and heights may be taken from them, not positions.

use super::ifc::{Ifc, Reader};
use super::{ElementId, Model};
use crate::step::{RecordIx, Value};

/// The shape of an element's floor.
#[derive(Clone, Debug, PartialEq)]
pub struct Footprint {
    /// Corners in order, in metres, not closed.
    pub points: Vec<[f64; 2]>,
    /// Height of the extrusion in metres, where it is vertical.
    pub height: Option<f64>,
    /// The points are the shape itself, not an approximation.
    pub exact: bool,
}

/// Corners that are read; a floor plan has tens. Larger outlines give no footprint: working with
/// them in every room that shares them would take minutes.
const MAX_POINTS: usize = 5_000;

/// Mapped items within mapped items.
const MAX_MAPPED: usize = 4;

/// How far a direction may be from an axis, as a component of a unit vector.
const STRAIGHT: f64 = 1e-6;

impl Model {
    /// The footprint of an element whose body is one extruded rectangle or polygon.
    #[must_use]
    pub fn footprint(&self, e: ElementId) -> Option<Footprint> {
        let ifc = self.ifc.as_ref()?;
        let reader = ifc.reader();
        let shape = reader.follow(reader.attribute(self.record(e)?, "Representation"))?;
        let body = reader
            .follow_all(reader.attribute(shape, "Representations"))
            .find(|r| reader.text(*r, "RepresentationIdentifier").as_deref() == Some("Body"))?;
        extrusion(ifc, only_item(reader, body, MAX_MAPPED)?)
    }
}

/// The only item of a representation, through mapped items that do not change it.
fn only_item(reader: Reader<'_>, representation: RecordIx, depth: usize) -> Option<RecordIx> {
    let mut items = reader.follow_all(reader.attribute(representation, "Items"));
    let (item, more) = (items.next()?, items.next());
    if more.is_some() {
        return None;
    }
    if reader.step().record(item).name() != "IFCMAPPEDITEM" {
        return Some(item);
    }
    let target = reader.follow(reader.attribute(item, "MappingTarget"))?;
    let given = |name| !matches!(reader.attribute(target, name), Value::Null | Value::Derived);
    let scale = reader.attribute(target, "Scale").as_f64().unwrap_or(1.0);
    let upright = vector(reader, reader.attribute(target, "Axis3")).is_none_or(|z| is_vertical(&z));
    if given("Scale2") || given("Scale3") || scale != 1.0 || !upright {
        return None;
    }
    let map = reader.follow(reader.attribute(item, "MappingSource"))?;
    let inner = reader.follow(reader.attribute(map, "MappedRepresentation"))?;
    only_item(reader, inner, depth.checked_sub(1)?)
}

fn extrusion(ifc: &Ifc, solid: RecordIx) -> Option<Footprint> {
    let reader = ifc.reader();
    if reader.step().record(solid).name() != "IFCEXTRUDEDAREASOLID" {
        return None;
    }
    let metres = ifc.units.metres()?;
    let position = reader.follow(reader.attribute(solid, "Position"));
    // A profile that lies on its side has no footprint here.
    let flat = position
        .and_then(|p| vector(reader, reader.attribute(p, "Axis")))
        .is_none_or(|z| is_vertical(&z));
    let along = vector(reader, reader.attribute(solid, "ExtrudedDirection"))?;
    if !flat {
        return None;
    }
    let depth = reader.attribute(solid, "Depth").as_f64()? * metres;
    let height = (is_vertical(&along) && depth.is_finite() && depth > 0.0).then_some(depth);
    let profile = reader.follow(reader.attribute(solid, "SweptArea"))?;
    let points = match reader.step().record(profile).name() {
        "IFCRECTANGLEPROFILEDEF" => {
            let half = |name| Some(reader.attribute(profile, name).as_f64()? * metres / 2.0);
            let (x, y) = (half("XDim")?, half("YDim")?);
            vec![[-x, -y], [x, -y], [x, y], [-x, y]]
        }
        "IFCARBITRARYCLOSEDPROFILEDEF" => {
            let curve = reader.follow(reader.attribute(profile, "OuterCurve"))?;
            polygon(reader, curve, metres)?
        }
        _ => return None,
    };
    let usable = points.len() >= 3 && points.iter().flatten().all(|c| c.is_finite());
    usable.then_some(Footprint {
        points,
        height,
        exact: true,
    })
}

/// The corners of a closed line of straight segments.
fn polygon(reader: Reader<'_>, curve: RecordIx, metres: f64) -> Option<Vec<[f64; 2]>> {
    let mut points: Vec<[f64; 2]> = match reader.step().record(curve).name() {
        "IFCPOLYLINE" => reader
            .follow_all(few(reader.attribute(curve, "Points"))?)
            .map(|point| pair(reader.attribute(point, "Coordinates")))
            .collect::<Option<_>>()?,
        "IFCINDEXEDPOLYCURVE" => indexed(reader, curve)?,
        _ => return None,
    };
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() > MAX_POINTS {
        return None;
    }
    for point in &mut points {
        *point = point.map(|coordinate| coordinate * metres);
    }
    Some(points)
}

/// A list that is not too long, before any of its points is looked up. The closing point may be
/// written once more.
fn few(list: Value<'_>) -> Option<Value<'_>> {
    let count = list.as_list()?.take(MAX_POINTS + 2).count();
    (count <= MAX_POINTS + 1).then_some(list)
}

fn indexed(reader: Reader<'_>, curve: RecordIx) -> Option<Vec<[f64; 2]>> {
    let list = reader.follow(reader.attribute(curve, "Points"))?;
    let all: Vec<[f64; 2]> = few(reader.attribute(list, "CoordList"))?
        .as_list()?
        .map(pair)
        .collect::<Option<_>>()?;
    let Value::List(segments) = reader.attribute(curve, "Segments") else {
        return Some(all);
    };
    let mut points: Vec<[f64; 2]> = Vec::new();
    for segment in segments {
        let Value::Typed(name, _) = segment else {
            return None;
        };
        if !name.eq_ignore_ascii_case(b"IFCLINEINDEX") {
            return None;
        }
        for index in segment.as_list()? {
            let place = usize::try_from(index.as_i64()?.checked_sub(1)?).ok()?;
            let point = *all.get(place)?;
            if points.last() != Some(&point) {
                points.push(point);
            }
            if points.len() > MAX_POINTS {
                return None;
            }
        }
    }
    Some(points)
}

/// The first two numbers of a list.
fn pair(value: Value<'_>) -> Option<[f64; 2]> {
    let mut list = value.as_list()?;
    Some([list.next()?.as_f64()?, list.next()?.as_f64()?])
}

/// The ratios of a direction in space; none for absent or flat ones.
fn vector(reader: Reader<'_>, value: Value<'_>) -> Option<[f64; 3]> {
    let direction = reader.follow(value)?;
    let mut list = reader.attribute(direction, "DirectionRatios").as_list()?;
    let mut next = || list.next()?.as_f64();
    Some([next()?, next()?, next()?])
}

/// Along +Z or −Z.
fn is_vertical(direction: &[f64; 3]) -> bool {
    let [x, y, z] = direction.map(f64::abs);
    z > 0.0 && x <= STRAIGHT * z && y <= STRAIGHT * z
}
