//! The list of posyandu: the code of a desa, and a name inside it.

use super::areas::village;
use super::fault::{ReferenceError, RowFault, shown};
use super::table::{Row, Source, Table};
use std::collections::BTreeMap;
use sync_protocol::area::Area;

/// One posyandu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosyanduRow {
    pub line: u64,
    pub area: Area,
    pub name: String,
}

/// Reads the list. A name given twice in one desa, however written, refuses the file.
pub fn read<'a>(file: impl Into<Source<'a>>) -> Result<Vec<PosyanduRow>, ReferenceError> {
    let table = Table::open(file)?;
    let desa = table.required("desa", &["kode desa", "kode wilayah", "kode", "code"])?;
    let name = table.required("name", &["nama", "nama posyandu", "posyandu"])?;
    let (mut posyandu, mut faults) = (Vec::new(), Vec::new());
    let mut first_lines = BTreeMap::new();
    let read_row = |row: Row| {
        let line = row.line();
        let Some(area) = village(row.cell(&desa)) else {
            let cell = shown(row.cell(&desa));
            let reason = format!("\"{cell}\" bukan kode desa. Contoh: 16.04.06.2008.");
            return Err(RowFault::at(line, desa.header(), reason));
        };
        let name_cell = row.cell(&name).split_whitespace().collect::<Vec<_>>().join(" ");
        if name_cell.is_empty() {
            return Err(RowFault::at(line, name.header(), "Nama posyandu kosong."));
        }
        Ok(PosyanduRow { line, area, name: name_cell })
    };
    for row in table.rows() {
        match row.and_then(read_row) {
            Ok(row) => {
                let key = (row.area.clone(), row.name.to_lowercase());
                if let Some(first) = first_lines.insert(key, row.line) {
                    let reason = format!("Posyandu ini sudah ada di baris {first}.");
                    faults.push(RowFault::at(row.line, name.header(), reason));
                }
                posyandu.push(row);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(posyandu) } else { Err(ReferenceError::Rows(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_posyandu_has_a_name_inside_a_desa() {
        let rows = read(
            b"kode_desa;posyandu\n16.04.06.2008;Contoh  Melati\n16.04.06.2009;Contoh Melati\n",
        )
        .unwrap();
        assert_eq!(rows[0].name, "Contoh Melati");
        assert_eq!(rows[1].area.as_str(), "16.04.06.2009");
    }

    #[test]
    fn the_made_up_posyandu_of_lahat_are_in_every_village() {
        let rows = read(include_bytes!("../../../fixtures/area/posyandu.csv")).unwrap();
        let villages: BTreeSet<Area> = rows.iter().map(|row| row.area.clone()).collect();
        assert_eq!((rows.len(), villages.len()), (451, 378));
    }

    #[test]
    fn a_kecamatan_a_blank_name_and_a_double_are_refused_with_their_lines() {
        let text = "desa,name\n16.04.06,A\n16.04.06.2008,\n16.04.06.2008,A\n16.04.06.2008,a\n";
        assert_eq!(
            read(text.as_bytes()).unwrap_err().to_string(),
            "Baris 2, kolom desa: \"16.04.06\" bukan kode desa. Contoh: 16.04.06.2008.\n\
             Baris 3, kolom name: Nama posyandu kosong.\n\
             Baris 5, kolom name: Posyandu ini sudah ada di baris 4."
        );
    }
}
