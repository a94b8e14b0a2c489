//! What an operator sees: metrics, the log, and traces.

mod log;
mod metrics;
mod traces;

pub use log::{LogFormat, init as init_log};
pub use metrics::{Metrics, module_answered};
pub use traces::{Collector, Traces, answered, continue_trace, method_name};
