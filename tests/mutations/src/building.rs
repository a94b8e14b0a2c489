//! The file that mutants are made from: a small building of two storeys that meets every rule of
//! the table, in any units. Only what rules judge is in it; shapes only where they are read.

use std::fmt::Write as _;

use crate::ifc::{Ifc, global_id};
use crate::units::{Measure, Units, inches, value};

/// The elevation of the upper storey: what the two flights climb together.
pub const UPPER: f64 = 3.63;

/// A building in these units, of this occupancy.
#[must_use]
pub fn building(units: Units, occupancy: &str) -> Ifc {
    let mut writer = Writer {
        units,
        next: 100,
        text: String::new(),
    };
    writer.project(occupancy);
    writer.rooms();
    writer.doors();
    writer.ways();
    writer.equipment();
    let head = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n\
                FILE_NAME('building.ifc','2026-01-01T00:00:00',(''),(''),'','','');\n\
                FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
    Ifc::new(
        &format!("{head}{}ENDSEC;\nEND-ISO-10303-21;\n", writer.text),
        units,
    )
}

/// Numbers of the records that others name.
const PLACE: u64 = 11;
const PROJECT: u64 = 13;
const BUILDING: u64 = 16;
const LOWER_STOREY: u64 = 17;
const UPPER_STOREY: u64 = 18;

struct Writer {
    units: Units,
    next: u64,
    text: String,
}

/// A property of a set: its name, and what is written for it.
type Property<'a> = (&'a str, String);

impl Writer {
    fn put(&mut self, id: u64, record: &str) {
        let _ = writeln!(self.text, "#{id}={record};");
    }

    fn add(&mut self, record: &str) -> u64 {
        self.next += 1;
        self.put(self.next, record);
        self.next
    }

    fn guid(&self) -> String {
        global_id(&format!("R{}", self.next))
    }

    fn length(&self, si: f64) -> String {
        value(self.units, si, Measure::Length)
    }

    fn number(&self, si: f64) -> String {
        self.units.number(si, Measure::Length)
    }

    /// A property set of an element.
    fn set(&mut self, element: u64, name: &str, properties: &[Property<'_>]) {
        let ids: Vec<String> = properties
            .iter()
            .map(|(name, value)| {
                let id = self.add(&format!("IFCPROPERTYSINGLEVALUE('{name}',$,{value},$)"));
                format!("#{id}")
            })
            .collect();
        let guid = self.guid();
        let set = self.add(&format!(
            "IFCPROPERTYSET('{guid}',$,'{name}',$,({}))",
            ids.join(",")
        ));
        let guid = self.guid();
        self.add(&format!(
            "IFCRELDEFINESBYPROPERTIES('{guid}',$,$,$,(#{element}),#{set})"
        ));
    }

    fn project(&mut self, occupancy: &str) {
        self.put(10, "IFCCARTESIANPOINT((0.,0.,0.))");
        self.put(PLACE, "IFCAXIS2PLACEMENT3D(#10,$,$)");
        self.put(
            12,
            "IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#11,$)",
        );
        self.put(14, "IFCLOCALPLACEMENT($,#11)");
        self.put(15, "IFCDIRECTION((0.,0.,1.))");
        self.unit_records();
        let guid = |name: &str| global_id(name);
        self.put(
            PROJECT,
            &format!(
                "IFCPROJECT('{}',$,'A building',$,$,$,$,(#12),#9)",
                guid("Project")
            ),
        );
        self.put(
            BUILDING,
            &format!(
                "IFCBUILDING('{}',$,'Building',$,$,#14,$,$,.ELEMENT.,$,$,$)",
                guid("Building")
            ),
        );
        for (id, name, elevation) in [(LOWER_STOREY, "Lower", 0.0), (UPPER_STOREY, "Upper", UPPER)]
        {
            let elevation = self.number(elevation);
            self.put(
                id,
                &format!(
                    "IFCBUILDINGSTOREY('{}',$,'{name}',$,$,#14,$,$,.ELEMENT.,{elevation})",
                    guid(name)
                ),
            );
        }
        self.put(
            19,
            &format!(
                "IFCRELAGGREGATES('{}',$,$,$,#{PROJECT},(#{BUILDING}))",
                guid("A1")
            ),
        );
        self.put(
            20,
            &format!(
                "IFCRELAGGREGATES('{}',$,$,$,#{BUILDING},(#{LOWER_STOREY},#{UPPER_STOREY}))",
                guid("A2")
            ),
        );
        self.set(
            BUILDING,
            "Pset_BuildingCommon",
            &[
                ("OccupancyType", format!("IFCLABEL('{occupancy}')")),
                ("SprinklerProtection", no()),
            ],
        );
    }

    fn unit_records(&mut self) {
        let prefix = if self.units == Units::Millimetres {
            ".MILLI."
        } else {
            "$"
        };
        self.put(1, &format!("IFCSIUNIT(*,.LENGTHUNIT.,{prefix},.METRE.)"));
        self.put(2, "IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.)");
        self.put(3, "IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.)");
        if !self.units.customary() {
            self.put(9, "IFCUNITASSIGNMENT((#1,#2,#3))");
            return;
        }
        let name = if self.units == Units::Feet {
            "FOOT"
        } else {
            "INCH"
        };
        let metres = self.units.metres();
        self.put(
            4,
            &format!("IFCMEASUREWITHUNIT(IFCLENGTHMEASURE({metres}),#1)"),
        );
        self.put(21, "IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0)");
        self.put(22, "IFCDIMENSIONALEXPONENTS(2,0,0,0,0,0,0)");
        self.put(23, "IFCDIMENSIONALEXPONENTS(0,0,0,0,0,0,0)");
        self.put(
            5,
            &format!("IFCCONVERSIONBASEDUNIT(#21,.LENGTHUNIT.,'{name}',#4)"),
        );
        self.put(24, "IFCMEASUREWITHUNIT(IFCAREAMEASURE(0.09290304),#2)");
        self.put(
            6,
            "IFCCONVERSIONBASEDUNIT(#22,.AREAUNIT.,'SQUARE FOOT',#24)",
        );
        self.put(
            25,
            "IFCMEASUREWITHUNIT(IFCPLANEANGLEMEASURE(0.017453292519943295),#3)",
        );
        self.put(
            7,
            "IFCCONVERSIONBASEDUNIT(#23,.PLANEANGLEUNIT.,'DEGREE',#25)",
        );
        self.put(9, "IFCUNITASSIGNMENT((#5,#6,#7))");
    }

    /// A room with a rectangular body, its areas and its ceiling.
    fn room(
        &mut self,
        name: &str,
        long_name: &str,
        storey: u64,
        sides: (f64, f64),
        ceiling: f64,
    ) -> u64 {
        let (x, y, z) = (
            self.number(sides.0),
            self.number(sides.1),
            self.number(ceiling),
        );
        let profile = self.add(&format!("IFCRECTANGLEPROFILEDEF(.AREA.,$,$,{x},{y})"));
        let solid = self.add(&format!(
            "IFCEXTRUDEDAREASOLID(#{profile},#{PLACE},#15,{z})"
        ));
        let shape = self.add(&format!(
            "IFCSHAPEREPRESENTATION(#12,'Body','SweptSolid',(#{solid}))"
        ));
        let shape = self.add(&format!("IFCPRODUCTDEFINITIONSHAPE($,$,(#{shape}))"));
        let space = self.add(&format!(
            "IFCSPACE('{}',$,'{name}',$,$,#14,#{shape},'{long_name}',.ELEMENT.,.SPACE.,$)",
            global_id(name)
        ));
        let area = self.units.number(sides.0 * sides.1, Measure::Area);
        let net = self.add(&format!("IFCQUANTITYAREA('NetFloorArea',$,$,{area},$)"));
        let height = self.add(&format!(
            "IFCQUANTITYLENGTH('FinishCeilingHeight',$,$,{z},$)"
        ));
        let guid = self.guid();
        let set = self.add(&format!(
            "IFCELEMENTQUANTITY('{guid}',$,'Qto_SpaceBaseQuantities',$,$,(#{net},#{height}))"
        ));
        let guid = self.guid();
        self.add(&format!(
            "IFCRELDEFINESBYPROPERTIES('{guid}',$,$,$,(#{space}),#{set})"
        ));
        let guid = self.guid();
        self.add(&format!(
            "IFCRELAGGREGATES('{guid}',$,$,$,#{storey},(#{space}))"
        ));
        space
    }

    fn rooms(&mut self) {
        self.room("Office", "Office", LOWER_STOREY, (7.0, 4.0), 2.7);
        self.room("Office_2", "Office", LOWER_STOREY, (6.0, 4.0), 2.7);
        self.room("Bath", "Bathroom", LOWER_STOREY, (3.0, 2.5), 2.6);
        let corridor = self.room("Corridor", "Corridor", LOWER_STOREY, (12.0, 2.2), 2.7);
        self.set(
            corridor,
            "Sizes",
            &[
                ("ClearWidth", self.length(2.2)),
                ("HandicapAccessible", yes()),
            ],
        );
        self.room("Office_Up", "Office", UPPER_STOREY, (6.0, 4.0), 2.7);
    }

    fn door(&mut self, name: &str, storey: u64, exit: bool, rooms: &[&str]) {
        let door = self.add(&format!(
            "IFCDOOR('{}',$,'{name}',$,$,#14,$,$,$,$,.DOOR.,.SINGLE_SWING_LEFT.,$)",
            global_id(name)
        ));
        let truth = if exit { yes() } else { no() };
        self.set(
            door,
            "Pset_DoorCommon",
            &[
                ("FireExit", truth.clone()),
                ("IsExternal", truth),
                ("HandicapAccessible", yes()),
            ],
        );
        self.set(
            door,
            "Sizes",
            &[
                ("ClearWidth", self.length(1.0)),
                ("ClearHeight", self.length(2.15)),
                ("ThresholdHeight", self.length(0.01)),
            ],
        );
        self.contain(door, storey);
        for room in rooms {
            let space = self.number_of(room);
            let guid = self.guid();
            self.add(&format!(
                "IFCRELSPACEBOUNDARY('{guid}',$,'1stLevel',$,#{space},#{door},$,.PHYSICAL.,.INTERNAL.)"
            ));
        }
    }

    /// The record of an element that was written already.
    fn number_of(&self, name: &str) -> u64 {
        let guid = format!("('{}'", global_id(name));
        let line = self
            .text
            .lines()
            .find(|l| l.contains(&guid))
            .unwrap_or_default();
        let number = line
            .trim_start_matches('#')
            .split('=')
            .next()
            .unwrap_or_default();
        number.parse().expect("an element that was written")
    }

    fn contain(&mut self, element: u64, storey: u64) {
        let guid = self.guid();
        self.add(&format!(
            "IFCRELCONTAINEDINSPATIALSTRUCTURE('{guid}',$,$,$,(#{element}),#{storey})"
        ));
    }

    fn doors(&mut self) {
        self.door("Exit_A", LOWER_STOREY, true, &["Corridor"]);
        self.door("Exit_B", LOWER_STOREY, true, &["Corridor"]);
        self.door("Door", LOWER_STOREY, false, &["Office", "Corridor"]);
        self.door("Door_2", LOWER_STOREY, false, &["Office_2", "Corridor"]);
        self.door("Door_Bath", LOWER_STOREY, false, &["Bath", "Corridor"]);
        self.door("Exit_Up_A", UPPER_STOREY, true, &["Office_Up"]);
        self.door("Exit_Up_B", UPPER_STOREY, true, &["Office_Up"]);
    }

    /// Stairs, ramps, railings.
    fn ways(&mut self) {
        let mut flights = Vec::new();
        for name in ["Flight", "Flight_2"] {
            let flight = self.add(&format!(
                "IFCSTAIRFLIGHT('{}',$,'{name}',$,$,#14,$,$,$,$,$,$,.STRAIGHT.)",
                global_id(name)
            ));
            let set = [
                ("NumberOfRiser", "IFCCOUNTMEASURE(11)".to_owned()),
                ("RiserHeight", self.length(0.165)),
                ("TreadLength", self.length(0.29)),
                ("Headroom", self.length(2.2)),
            ];
            self.set(flight, "Pset_StairFlightCommon", &set);
            self.set(flight, "Sizes", &[("ClearWidth", self.length(1.6))]);
            flights.push(format!("#{flight}"));
        }
        let stair = self.add(&format!(
            "IFCSTAIR('{}',$,'Stair',$,$,#14,$,$,.HALF_TURN_STAIR.)",
            global_id("Stair")
        ));
        let guid = self.guid();
        self.add(&format!(
            "IFCRELAGGREGATES('{guid}',$,$,$,#{stair},({}))",
            flights.join(",")
        ));
        self.contain(stair, LOWER_STOREY);
        for name in ["Ramp", "Ramp_2"] {
            let ramp = self.add(&format!(
                "IFCRAMPFLIGHT('{}',$,'{name}',$,$,#14,$,$,.STRAIGHT.)",
                global_id(name)
            ));
            let slope = value(self.units, 0.05, Measure::Slope);
            let set = [("Slope", slope), ("ClearWidth", self.length(1.6))];
            self.set(ramp, "Pset_RampFlightCommon", &set);
            let sizes = [
                ("Rise", self.length(0.25)),
                ("Run", self.length(5.0)),
                ("HandicapAccessible", yes()),
            ];
            self.set(ramp, "Sizes", &sizes);
            self.contain(ramp, LOWER_STOREY);
        }
        for (name, kind, height) in [
            ("Guard", "GUARDRAIL", 1.2),
            ("Guard_2", "GUARDRAIL", 1.2),
            ("Handrail", "HANDRAIL", inches(35.4)),
            ("Handrail_2", "HANDRAIL", inches(35.4)),
        ] {
            let railing = self.add(&format!(
                "IFCRAILING('{}',$,'{name}',$,$,#14,$,$,.{kind}.)",
                global_id(name)
            ));
            self.set(
                railing,
                "Pset_RailingCommon",
                &[("Height", self.length(height))],
            );
            self.contain(railing, LOWER_STOREY);
        }
    }

    /// What other codes govern, and what none does.
    fn equipment(&mut self) {
        let elements = [
            ("Lift", "IFCTRANSPORTELEMENT", ".ELEVATOR."),
            ("Panel", "IFCELECTRICDISTRIBUTIONBOARD", ".CONSUMERUNIT."),
            ("Switch", "IFCSWITCHINGDEVICE", ".TOGGLESWITCH."),
            ("Closet", "IFCSANITARYTERMINAL", ".TOILETPAN."),
            ("Basin", "IFCSANITARYTERMINAL", ".WASHHANDBASIN."),
            ("Pipe", "IFCPIPESEGMENT", ".RIGIDSEGMENT."),
            ("Wall", "IFCWALL", ".STANDARD."),
        ];
        for (name, class, kind) in elements {
            let element = self.add(&format!(
                "{class}('{}',$,'{name}',$,$,#14,$,$,{kind})",
                global_id(name)
            ));
            self.contain(element, LOWER_STOREY);
        }
        for name in ["Window", "Window_2"] {
            let window = self.add(&format!(
                "IFCWINDOW('{}',$,'{name}',$,$,#14,$,$,$,$,.WINDOW.,$,$)",
                global_id(name)
            ));
            self.set(window, "Sizes", &[("SillHeight", self.length(0.9))]);
            self.contain(window, LOWER_STOREY);
        }
    }
}

fn yes() -> String {
    "IFCBOOLEAN(.T.)".to_owned()
}

fn no() -> String {
    "IFCBOOLEAN(.F.)".to_owned()
}
