//! `GET /v1/areas`: codes and names of the kabupaten.

use crate::area::Area;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AreasReply {
    pub areas: Vec<AreaRef>,
    pub puskesmas: Vec<PuskesmasRef>,
    pub posyandu: Vec<PosyanduRef>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AreaRef {
    pub code: Area,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PuskesmasRef {
    pub code: String,
    pub name: String,
    pub areas: Vec<Area>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PosyanduRef {
    pub area: Area,
    pub name: String,
}
