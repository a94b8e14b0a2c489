//! The results of IDS documents for people: text, a page of HTML, and what an audit found.
//!
//! A report's JSON is read back for showing; its form is in docs/ids.md.

pub mod audit;
mod escape;
pub mod html;
mod order;
mod specification;
mod summary;
pub mod text;

pub use summary::Row;

use std::borrow::Cow;

use serde::Deserialize;

use super::report::Element;

/// A text that is borrowed from the JSON where it has no escapes.
type Text<'a> = Cow<'a, str>;

/// Only how it came out.
#[derive(Debug, Deserialize)]
pub struct Outcome {
    /// Of the whole.
    pub status: Status,
    /// Specifications by status.
    pub totals: Totals,
}

/// How something came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It could not be checked.
    Error,
    /// It does not hold.
    Fail,
    /// It holds.
    Pass,
}

/// A whole report.
#[derive(Debug, Deserialize)]
pub struct Report<'a> {
    /// Version of the engine.
    #[serde(borrow)]
    pub engine: Text<'a>,
    /// Name of the model's file.
    #[serde(borrow, default)]
    pub model: Text<'a>,
    /// `IFC4`
    #[serde(borrow)]
    pub schema: Text<'a>,
    /// Of the whole.
    pub status: Status,
    /// Specifications by status.
    pub totals: Totals,
    /// In the order given.
    #[serde(borrow)]
    pub documents: Vec<Document<'a>>,
}

/// Specifications by status.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Totals {
    /// All.
    pub specifications: u64,
    /// Those that hold.
    pub passed: u64,
    /// Those of them that apply to nothing and do not ask for that.
    #[serde(default)]
    pub not_applicable: u64,
    /// Those that do not.
    pub failed: u64,
    /// Those that could not be checked.
    pub errors: u64,
}

/// One document.
#[derive(Debug, Deserialize)]
pub struct Document<'a> {
    /// Name of its file.
    #[serde(borrow, default)]
    pub file: Text<'a>,
    /// Its title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// What else it says of itself.
    #[serde(borrow, default)]
    pub info: Info<'a>,
    /// Errors that its audit finds.
    #[serde(default)]
    pub errors: u64,
    /// In the order of the file.
    #[serde(borrow)]
    pub specifications: Vec<Specification<'a>>,
}

/// What a document says of itself; empty where it does not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Info<'a> {
    /// What it is for.
    #[serde(borrow)]
    pub description: Text<'a>,
    /// Its version.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// An e-mail address.
    #[serde(borrow)]
    pub author: Text<'a>,
    /// When it was written.
    #[serde(borrow)]
    pub date: Text<'a>,
    /// Of the information.
    #[serde(borrow)]
    pub purpose: Text<'a>,
    /// When it is due.
    #[serde(borrow)]
    pub milestone: Text<'a>,
    /// Whose it is.
    #[serde(borrow)]
    pub copyright: Text<'a>,
}

/// One specification.
#[derive(Debug, Deserialize)]
pub struct Specification<'a> {
    /// Its name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Its identifier, or nothing.
    #[serde(borrow, default)]
    pub identifier: Text<'a>,
    /// Its description, or nothing.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// Its instructions, or nothing.
    #[serde(borrow, default)]
    pub instructions: Text<'a>,
    /// What it is meant for.
    #[serde(borrow)]
    pub ifc_versions: Vec<Text<'a>>,
    /// Whether the model is in one of them.
    pub meant_for_model: bool,
    /// `required`, `optional`, `prohibited`
    #[serde(borrow)]
    pub cardinality: Text<'a>,
    /// In words.
    #[serde(borrow)]
    pub applies_to: Text<'a>,
    /// How it came out.
    pub status: Status,
    /// Why, where the requirements do not say it.
    #[serde(borrow, default)]
    pub reason: Option<Text<'a>>,
    /// Elements that it applies to.
    pub applicable: u64,
    /// Those that meet it.
    pub passed: u64,
    /// Those that do not.
    pub failed: u64,
    /// In the order of the file.
    #[serde(borrow)]
    pub requirements: Vec<Requirement<'a>>,
    /// Elements that may not be there.
    #[serde(borrow, default)]
    pub prohibited: Vec<Failing<'a>>,
}

/// One requirement.
#[derive(Debug, Deserialize)]
pub struct Requirement<'a> {
    /// In words.
    #[serde(borrow)]
    pub asks: Text<'a>,
    /// `required`, `optional`, `prohibited`
    #[serde(borrow)]
    pub cardinality: Text<'a>,
    /// How to achieve it, or nothing.
    #[serde(borrow, default)]
    pub instructions: Text<'a>,
    /// How it came out.
    pub status: Status,
    /// Elements that meet it.
    pub passed: u64,
    /// Elements that do not.
    pub failed: u64,
    /// Those; not all where the report is shortened.
    #[serde(borrow)]
    pub failing: Vec<Failing<'a>>,
}

/// An element that fails.
#[derive(Debug, Deserialize)]
pub struct Failing<'a> {
    /// Which.
    #[serde(borrow)]
    pub element: Element<'a>,
    /// What was expected and found.
    #[serde(borrow)]
    pub reason: Text<'a>,
}
