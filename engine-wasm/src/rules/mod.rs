//! Rulesets, batches, evaluation and incremental re-check.
//!
//! [`path`] turns what a module asks for into a plan over the fact catalogue, [`ruleset`] orders
//! the work, [`evaluate`] reads rows of facts, [`batch`] packs them for a module, and
//! [`session`] holds a model with a ruleset and knows what is still to be asked. [`details`] says
//! what is known of one element, [`place`] which modules apply where, [`chosen`] why
//! these were chosen. Nothing here calls a module:
//! the caller ferries questions and answers.

pub mod amend;
mod answering;
mod asking;
pub mod batch;
pub mod chosen;
pub mod details;
pub mod edit;
pub mod evaluate;
pub mod explain;
mod given;
mod marks;
mod own;
pub mod path;
pub mod place;
pub mod readiness;
pub mod resolve;
pub mod ruleset;
pub mod session;
mod slot;
pub mod store;
mod syntax;

pub use edit::Edit;
pub use ruleset::{Problem, Ruleset, RulesetError};
pub use session::{Answer, Call, Question, ReplyError, Session};
pub use slot::ModuleSlot;
pub use syntax::nearest;
