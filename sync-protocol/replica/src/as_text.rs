//! Protocol words at the SQL edge: stored as the text they travel as. A text that does not parse
//! is a damaged file, and comes out as an error.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;

/// A value that is kept as its text.
pub(crate) struct AsText<T>(pub(crate) T);

impl<T: FromStr<Err: Error + Send + Sync + 'static>> FromSql for AsText<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(AsText).map_err(FromSqlError::other)
    }
}

impl<T: Display> ToSql for AsText<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.to_string()))
    }
}

/// The value of an optional column.
pub(crate) fn plain<T>(column: Option<AsText<T>>) -> Option<T> {
    column.map(|text| text.0)
}

/// An optional value for a column.
pub(crate) fn text<T: Display>(value: Option<T>) -> Option<AsText<T>> {
    value.map(AsText)
}

/// A value that is kept as JSON text.
pub(crate) struct AsJson<T>(pub(crate) T);

impl<T: DeserializeOwned> FromSql for AsJson<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(AsJson).map_err(FromSqlError::other)
    }
}

impl<T: Serialize> ToSql for AsJson<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_string(&self.0) {
            Ok(text) => Ok(ToSqlOutput::from(text)),
            Err(error) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(error))),
        }
    }
}
