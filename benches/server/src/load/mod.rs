//! Makes load: clients that cost little beside the server they ask, and the bare server that gives
//! the figures their measure.

pub mod baseline;
pub mod http;
pub mod rounds;
pub mod websocket;
