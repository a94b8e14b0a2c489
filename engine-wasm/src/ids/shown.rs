//! Numbers of the model as reasons show them: in the unit of IDS, without noise of rounding.

use super::scalar::is_near;

/// Data types whose numbers have a unit in IDS, with it.
const UNITS: [(&str, &str); 44] = [
    ("ACCELERATION", "m/s²"),
    ("AMOUNTOFSUBSTANCE", "mol"),
    ("AREA", "m²"),
    ("DYNAMICVISCOSITY", "Pa·s"),
    ("ELECTRICCAPACITANCE", "F"),
    ("ELECTRICCHARGE", "C"),
    ("ELECTRICCONDUCTANCE", "S"),
    ("ELECTRICCURRENT", "A"),
    ("ELECTRICRESISTANCE", "Ω"),
    ("ELECTRICVOLTAGE", "V"),
    ("ENERGY", "J"),
    ("FORCE", "N"),
    ("FREQUENCY", "Hz"),
    ("HEATFLUXDENSITY", "W/m²"),
    ("ILLUMINANCE", "lx"),
    ("INDUCTANCE", "H"),
    ("LENGTH", "m"),
    ("LINEARFORCE", "N/m"),
    ("LINEARVELOCITY", "m/s"),
    ("LUMINOUSFLUX", "lm"),
    ("LUMINOUSINTENSITY", "cd"),
    ("MASS", "kg"),
    ("MASSDENSITY", "kg/m³"),
    ("MASSFLOWRATE", "kg/s"),
    ("MASSPERLENGTH", "kg/m"),
    ("MODULUSOFELASTICITY", "Pa"),
    ("NONNEGATIVELENGTH", "m"),
    ("PLANARFORCE", "Pa"),
    ("PLANEANGLE", "rad"),
    ("POSITIVELENGTH", "m"),
    ("POSITIVEPLANEANGLE", "rad"),
    ("POWER", "W"),
    ("PRESSURE", "Pa"),
    ("ROTATIONALFREQUENCY", "Hz"),
    ("SPECIFICHEATCAPACITY", "J/(kg·K)"),
    ("THERMALADMITTANCE", "W/(m²·K)"),
    ("THERMALCONDUCTIVITY", "W/(m·K)"),
    ("THERMALRESISTANCE", "m²·K/W"),
    ("THERMALTRANSMITTANCE", "W/(m²·K)"),
    ("THERMODYNAMICTEMPERATURE", "K"),
    ("TIME", "s"),
    ("TORQUE", "N·m"),
    ("VOLUME", "m³"),
    ("VOLUMETRICFLOWRATE", "m³/s"),
];

/// The unit of a data type: of `IFCLENGTHMEASURE` or `LengthMeasure` the metre.
pub(super) fn unit(data_type: &str) -> Option<&'static str> {
    let upper = data_type.to_ascii_uppercase();
    let name = upper.strip_prefix("IFC").unwrap_or(&upper);
    let name = name.strip_suffix("MEASURE")?;
    let at = UNITS.binary_search_by_key(&name, |(own, _)| own).ok()?;
    UNITS.get(at).map(|(_, unit)| *unit)
}

/// A number, rounded as far as the tolerance of IDS cannot tell: equal ones read the same.
/// `same` says whether the rounded number would come out as the exact one does; if not, that
/// is shown.
pub(super) fn number(exact: f64, mut same: impl FnMut(f64) -> bool) -> String {
    if !exact.is_finite() {
        return "a number whose unit is not known".to_owned();
    }
    if exact.abs() >= 1e15 {
        return format!("{exact:e}");
    }
    let margin = 1e-6 + exact.abs() * 1e-6;
    let (mut step, mut places) = (1e-6, 6usize);
    while places > 0 && step * 10.0 <= margin {
        step *= 10.0;
        places -= 1;
    }
    let text = format!("{exact:.places$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text.as_str(),
    };
    let text = if text == "-0" { "0" } else { text };
    let rounded: f64 = text.parse().unwrap_or(exact);
    // What is small is no noise where rounding leaves nothing of it.
    let vanishes = rounded == 0.0 && exact.abs() > 1e-12;
    if vanishes || !is_near(rounded, exact) || !same(rounded) {
        // Twelve digits are still free of the noise of doubles.
        let fine: f64 = format!("{exact:.11e}").parse().unwrap_or(exact);
        return if same(fine) { fine } else { exact }.to_string();
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_rounded_away_and_nothing_else() {
        for (exact, shown) in [
            (0.1 * 28.0, "2.8"),
            (0.1 + 0.2, "0.3"),
            (-1e-17, "0"),
            (0.000_000_4, "0.0000004"),
            (2.5, "2.5"),
            (100.0, "100"),
            (123_456.789_123, "123456.8"),
            (99_999.89, "99999.9"),
            (12_345_678.912, "12345679"),
            (-0.000_012_34, "-0.000012"),
            (1e300, "1e300"),
        ] {
            assert_eq!(number(exact, |_| true), shown);
        }
        assert_eq!(
            number(f64::NAN, |_| true),
            "a number whose unit is not known"
        );
    }

    #[test]
    fn a_number_beyond_a_bound_is_never_shown_on_it() {
        assert_eq!(number(2.000_000_1, |shown| shown > 2.0), "2.0000001");
        assert_eq!(number(2.800_000_1, |shown| shown > 2.0), "2.8");
    }

    #[test]
    fn units_are_found_by_any_spelling() {
        assert!(UNITS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(unit("IFCLENGTHMEASURE"), Some("m"));
        assert_eq!(unit("PositiveLengthMeasure"), Some("m"));
        assert_eq!(unit("IFCVOLUMETRICFLOWRATEMEASURE"), Some("m³/s"));
        assert_eq!(
            (unit("IFCLABEL"), unit("IFCREAL"), unit("MEASURE")),
            (None, None, None)
        );
    }
}
