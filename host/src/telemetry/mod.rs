//! What an operator sees: metrics and the log.

mod log;
mod metrics;

pub use log::{LogFormat, init as init_log};
pub use metrics::{Metrics, module_answered};
