"""Writes `office.ifc`: a small two-storey office in Denver with deliberate defects, see README.md.

    pip install ifcopenshell && python make_office.py

Lengths are feet. The origin is the south-west corner of the building at the level of the ground
floor; x runs east, y north. Two runs give the same bytes.
"""

import math
import pathlib

from ifc_kit import INCH, Kit
from office_parts import (EAST, NORTH, SOUTH, WEST, Wall, area_and_perimeter, bounds, door, door_type, layered,
                          railing, rectangle, space, stair_flight, wall_door, window, window_type)

LENGTH, DEPTH, STOREY = 84.0, 48.0, 13.0
ROOF = 2 * STOREY
SLAB = 1.0
CEILING = 9.0


def project(kit):
    """Units, site, building and storeys."""
    new = kit.new

    def imperial(kind, name, si, factor, measure, length=0):
        exponents = kit.shared("IfcDimensionalExponents", length, 0, 0, 0, 0, 0, 0)
        unit = new("IfcSIUnit", None, kind, None, si)
        return new("IfcConversionBasedUnit", exponents, kind, name,
                   new("IfcMeasureWithUnit", new(measure, factor), unit))

    foot = 0.3048
    units = new("IfcUnitAssignment", [
        imperial("LENGTHUNIT", "FOOT", "METRE", foot, "IfcLengthMeasure", 1),
        imperial("AREAUNIT", "SQUARE FOOT", "SQUARE_METRE", 0.09290304, "IfcAreaMeasure", 2),
        imperial("VOLUMEUNIT", "CUBIC FOOT", "CUBIC_METRE", 0.028316846592, "IfcVolumeMeasure", 3),
        imperial("PLANEANGLEUNIT", "DEGREE", "RADIAN", math.pi / 180, "IfcPlaneAngleMeasure"),
        new("IfcSIUnit", None, "TIMEUNIT", None, "SECOND")])
    top = kit.rooted("IfcProject", "project", "Plancheck demo office", LongName="Front Range Office",
                     Phase="Permit set", RepresentationContexts=[kit.context], UnitsInContext=units)
    address = new("IfcPostalAddress", "SITE", AddressLines=["1850 Plancheck Way"], Town="Denver", Region="CO",
                  PostalCode="80202", Country="US")
    site = kit.rooted("IfcSite", "site", "Site", ObjectPlacement=kit.placement(None), CompositionType="ELEMENT",
                      RefLatitude=(39, 44, 57, 0), RefLongitude=(-104, -59, -38, 0), RefElevation=5200.0,
                      SiteAddress=address)
    building = kit.rooted("IfcBuilding", "building", "Front Range Office", CompositionType="ELEMENT",
                          ObjectPlacement=kit.placement(site.ObjectPlacement), BuildingAddress=address)
    kit.aggregate(top, site)
    kit.aggregate(site, building)
    kit.pset(building, "Pset_BuildingCommon", OccupancyType=("Label", "B"), NumberOfStoreys=("Integer", 2),
             ConstructionMethod=("Label", "Type II-B"), SprinklerProtection=("Boolean", True),
             SprinklerProtectionAutomatic=("Boolean", True), GrossPlannedArea=("AreaMeasure", 2 * LENGTH * DEPTH),
             IsLandmarked=("Logical", False))
    levels = []
    for name, elevation in (("Level 1", 0.0), ("Level 2", STOREY), ("Roof", ROOF)):
        storey = kit.rooted("IfcBuildingStorey", name, name, CompositionType="ELEMENT", Elevation=elevation,
                            ObjectPlacement=kit.placement(building.ObjectPlacement, (0, 0, elevation)))
        kit.aggregate(building, storey)
        kit.pset(storey, "Pset_BuildingStoreyCommon", EntranceLevel=("Boolean", elevation == 0),
                 AboveGround=("Logical", True), SprinklerProtection=("Boolean", True))
        levels.append({"storey": storey, "place": storey.ObjectPlacement})
    return site, building, levels


def wall_types(kit):
    def common(reference, external, bearing, rating):
        values = {"Reference": ("Identifier", reference), "IsExternal": ("Boolean", external),
                  "LoadBearing": ("Boolean", bearing)}
        return {**values, "FireRating": ("Label", rating)} if rating else values

    return {
        "exterior": layered(kit, common("EW-9", True, True, "60 min"), "Exterior 9 in brick on stud",
                            [("Brick", 3.5), ("Insulation", 2), ("Steel stud", 3), ("Gypsum board", 0.5)], "brick"),
        "partition": layered(kit, common("IW-6", False, False, None), "Partition 6 in",
                             [("Gypsum board", 0.5), ("Steel stud", 5), ("Gypsum board", 0.5)], "plaster"),
        "shaft": layered(kit, common("SW-6", False, False, "120 min"), "Stair enclosure 6 in",
                         [("Gypsum board X", 1), ("Steel stud", 4), ("Gypsum board X", 1)], "concrete"),
    }


def walls(kit, level, number, kinds):
    """All walls of a storey by name. The walls of Level 2 carry the parapet."""
    height = STOREY if number == 1 else STOREY + 2
    e, south = 0.375, 20.0 if number == 1 else 26 - 0.5 - 40 * INCH  # centre line south of the corridor
    lines = {
        "South west": ((0, e), (30, e), "exterior"), "South east": ((50, e), (LENGTH, e), "exterior"),
        "North": ((0, DEPTH - e), (LENGTH, DEPTH - e), "exterior"),
        "West": ((e, 0.75), (e, DEPTH - 0.75), "exterior"),
        "East": ((LENGTH - e, 0.75), (LENGTH - e, DEPTH - 0.75), "exterior"),
        "Corridor south": ((0.75, south), (83.25, south), "partition"),
        "Corridor north west": ((0.75, 26), (31.75, 26), "partition"),
        "Stair south": ((31.75, 26), (41.25, 26), "shaft"),
        "Corridor north east": ((41.25, 26), (83.25, 26), "partition"),
        "Stair west": ((32, 26.25), (32, 47.25), "shaft"), "Stair east": ((41, 26.25), (41, 47.25), "shaft"),
    }
    lines |= {f"Room {x} south": ((x, 0.75), (x, south - 0.25), "partition") for x in (13, 25, 55, 65)}
    if number == 1:
        lines |= {f"Room {x} north": ((x, 26.25), (x, 47.25), "partition") for x in (46, 58, 70, 76.5)}
        lines["Restrooms"] = ((46.25, 36.75), (57.75, 36.75), "partition")
    made = {name: Wall(kit, level, f"{number}-{name}", start, end, kinds[kind],
                       height if kind == "exterior" else STOREY - SLAB)
            for name, (start, end, kind) in lines.items()}
    if number == 2:
        Wall(kit, level, "2-Parapet at curtain wall", (30, e), (50, e), kinds["exterior"], 3.0, STOREY - SLAB)
    return made


def slab(kit, level, name, outline, top, thickness, kind, holes=()):
    """A slab with its top at `top` over the storey; `holes` are (name, outline)."""
    def solid(polygon, low, high, colour):
        return kit.shape(kit.body(kit.prism(polygon, (0, 0, low), high - low, colour)))

    element = kit.rooted("IfcSlab", name, name, ObjectPlacement=kit.placement(level["place"]), PredefinedType=kind,
                         Representation=solid(outline, top - thickness, top, "roof" if kind == "ROOF" else "concrete"))
    kit.made_of(kit.material("Concrete"), element)
    for hole_name, polygon in holes:
        hole = kit.rooted("IfcOpeningElement", hole_name, hole_name, PredefinedType="OPENING",
                          ObjectPlacement=kit.placement(element.ObjectPlacement),
                          Representation=solid(polygon, top - thickness - 0.1, top + 0.1, None))
        kit.rooted("IfcRelVoidsElement", hole_name, None, RelatingBuildingElement=element, RelatedOpeningElement=hole)
    return element


def structure(kit, levels):
    """Slabs, roof and columns."""
    ground, upper, roof = levels
    inside = rectangle(0.75, 0.75, 83.25, 47.25)
    kit.contain(ground["storey"], slab(kit, ground, "Floor slab", rectangle(0, 0, LENGTH, DEPTH), 0, 1, "BASESLAB"))
    footing = kit.rooted("IfcFooting", "Foundation", "Foundation", ObjectPlacement=kit.placement(ground["place"]),
                         PredefinedType="PAD_FOOTING", Representation=kit.shape(kit.body(
                             kit.box((0, 0, -3), (LENGTH, DEPTH, -1), "concrete"))))
    kit.contain(ground["storey"], footing)
    stair = [(32.25, 31.5), (36.75, 31.5), (36.75, 33.75), (40.75, 33.75), (40.75, 47.25), (32.25, 47.25)]
    kit.contain(upper["storey"], slab(kit, upper, "Level 2 slab", inside, 0, SLAB, "FLOOR", [
        ("Stair opening", stair), ("Lobby void", rectangle(28, 0.75, 52, 10))]))
    cover = kit.rooted("IfcRoof", "Roof", "Roof", ObjectPlacement=kit.placement(roof["place"]),
                       PredefinedType="FLAT_ROOF")
    kit.contain(roof["storey"], cover)
    kit.aggregate(cover, slab(kit, roof, "Roof slab", inside, 0, SLAB, "ROOF"))
    profile = kit.new("IfcIShapeProfileDef", "AREA", "W10x49", None, 10 * INCH, 10 * INCH, 0.34 * INCH, 0.56 * INCH)
    for number, level in ((1, ground), (2, upper)):
        for grid, (x, y) in {"B2": (27.4, 10.6), "C2": (52.6, 10.6), "A4": (16, 37), "D4": (64, 37)}.items():
            name = f"Column {grid}-{number}"
            solid = kit.extrude(profile, (0, 0, 0), STOREY - SLAB, "steel")
            column = kit.rooted("IfcColumn", name, name, Representation=kit.shape(kit.body(solid)),
                                ObjectPlacement=kit.placement(level["place"], (x, y, 0)), PredefinedType="COLUMN")
            kit.contain(level["storey"], column)
            kit.made_of(kit.material("Steel"), column)


def spaces(kit, ground, upper, codes):
    """Every space by number: (use, occupancy, ft² for each person, footprint, ceiling)."""
    s = 26 - 0.5 - 40 * INCH - 0.25  # the north face of the rooms south of the corridor on Level 2
    gallery = [(25.25, 0.75), (28, 0.75), (28, 10), (52, 10), (52, 0.75), (54.75, 0.75), (54.75, s), (25.25, s)]
    low = 7 + 2 * INCH
    table = [
        ("100", "Lobby", "B", 150, rectangle(25.25, 0.75, 54.75, 19.75), CEILING),
        ("101", "Open Office", "B", 150, rectangle(0.75, 26.25, 31.75, 47.25), CEILING),
        ("102", "Private Office", "B", 150, rectangle(0.75, 0.75, 12.75, 19.75), CEILING),
        ("103", "Private Office", "B", 150, rectangle(13.25, 0.75, 24.75, 19.75), CEILING),
        ("104", "Private Office", "B", 150, rectangle(55.25, 0.75, 64.75, 19.75), CEILING),
        ("105", "Break Room", "B", 15, rectangle(65.25, 0.75, 83.25, 19.75), CEILING),
        ("110", "Corridor", "B", 0, rectangle(0.75, 20.25, 83.25, 25.75), CEILING),
        ("111", "Corridor", "B", 0, rectangle(41.25, 26.25, 45.75, 47.25), low),
        ("112", "Women's Restroom", "B", 0, rectangle(46.25, 26.25, 57.75, 36.5), 8.0),
        ("113", "Men's Restroom", "B", 0, rectangle(46.25, 37, 57.75, 47.25), 8.0),
        ("114", "Mechanical Room", "B", 300, rectangle(58.25, 26.25, 69.75, 47.25), 10.0),
        ("115", "Storage", "S-1", 300, rectangle(70.25, 26.25, 76.25, 47.25), CEILING),
        ("116", None, None, None, rectangle(76.75, 26.25, 83.25, 47.25), CEILING),
        ("S1", "Stair A", "B", 0, rectangle(32.25, 26.25, 40.75, 47.25), STOREY - SLAB),
        ("200", "Gallery", "B", 150, gallery, CEILING),
        ("201", "Conference Room", "A-3", 15, rectangle(41.25, 26.25, 83.25, 47.25), 10.0),
        ("202", "Open Office", "B", 150, rectangle(0.75, 26.25, 31.75, 47.25), CEILING),
        ("203", "Private Office", "B", 150, rectangle(0.75, 0.75, 12.75, s), CEILING),
        ("204", "Private Office", "B", 150, rectangle(13.25, 0.75, 24.75, s), CEILING),
        ("205", "Restroom", "B", 0, rectangle(55.25, 0.75, 64.75, s), 8.0),
        ("206", "Open Office", "B", 150, rectangle(65.25, 0.75, 83.25, s), CEILING),
        ("210", "Corridor", "B", 0, rectangle(0.75, s + 0.5, 83.25, 25.75), CEILING),
        ("S2", "Stair A", "B", 0, rectangle(32.25, 26.25, 40.75, 47.25), STOREY - SLAB),
    ]
    made = {}
    for number, use, group, factor, footprint, ceiling in table:
        level = upper if number.startswith("2") or number == "S2" else ground
        # Deliberate conflict: the quantity of office 104 says 100 ft² more than its footprint.
        net = area_and_perimeter(footprint)[0] + 100 if number == "104" else None
        room = made[number] = space(kit, level, number, use, footprint, ceiling, net)
        kit.pset(room, "Pset_SpaceCommon", Reference=("Identifier", number), IsExternal=("Boolean", False),
                 PubliclyAccessible=("Boolean", number in ("100", "200")), HandicapAccessible=("Boolean", True))
        if use is None:
            continue  # deliberate gap: nothing says what room 116 is for
        people = math.ceil((net or area_and_perimeter(footprint)[0]) / factor) if factor else 0
        occupancy = {"OccupancyType": ("Label", group), "OccupancyNumber": ("CountMeasure", people)}
        if factor:
            occupancy["AreaPerOccupant"] = ("AreaMeasure", float(factor))
        kit.pset(room, "Pset_SpaceOccupancyRequirements", **occupancy)
        kit.classify(codes[use], room)
    assembly = kit.rooted("IfcZone", "Assembly", "Assembly", LongName="Rooms for more than 49 people")
    kit.group(assembly, made["201"])
    west = kit.rooted("IfcZone", "Tenant West", "Tenant West", LongName="Offices of the west tenant")
    for number in ("101", "102", "103", "202", "203", "204"):
        kit.group(west, made[number])
    return made


def use_codes(kit):
    """The office's own small list of room uses."""
    system = kit.new("IfcClassification", "Plancheck", "1", "2026-01-01", "Room use codes")
    uses = ["Lobby", "Open Office", "Private Office", "Break Room", "Corridor", "Women's Restroom", "Men's Restroom",
            "Restroom", "Mechanical Room", "Storage", "Stair A", "Gallery", "Conference Room"]
    return {use: kit.new("IfcClassificationReference", None, f"RU-{i * 10}", use, system)
            for i, use in enumerate(uses, 1)}


def door_types(kit):
    def common(reference, **values):
        kinds = {"FireRating": "Label"}
        base = {"Reference": reference, "IsExternal": False, "FireExit": False, "SelfClosing": False,
                "HandicapAccessible": True, **values}
        return {k: (kinds.get(k, "Identifier" if k == "Reference" else "Boolean"), v) for k, v in base.items()}

    exit_door = {"IsExternal": True, "FireExit": True, "SelfClosing": True}
    fire = common("D2", FireRating="90 min", SelfClosing=True)
    single, pair = (40, 86), (76, 86)  # overall size with the frame: leaves of 36 in
    return {
        "single": door_type(kit, "Single flush 36 x 84", single, "wood", common("D1")),
        "fire": door_type(kit, "Fire door 36 x 84", single, "fire door", fire),
        "placeholder": door_type(kit, "Hollow metal 36 x 84", single, "steel",
                                 common("D3", FireRating="Fire Rating", SelfClosing=True)),
        "exit": door_type(kit, "Exit door 36 x 84", single, "steel", common("D4", **exit_door), threshold=0.5),
        "high threshold": door_type(kit, "Exit door 36 x 84, high threshold", single, "steel",
                                    common("D5", **exit_door), threshold=0.75),
        "narrow exit": door_type(kit, "Exit door 26 x 84", (30, 86), "steel", common("D6", **exit_door), threshold=0.5),
        "no lining": door_type(kit, "Single 34 x 86 overall", (34, 86), "wood", common("D7"), lining=None),
        "pair": door_type(kit, "Pair of doors 36 x 84", pair, "wood", common("D8"), "DOUBLE_DOOR_SINGLE_SWING"),
        "entrance": door_type(kit, "Entrance doors 36 x 84", pair, "glass", common("D9", **exit_door),
                              "DOUBLE_DOOR_SINGLE_SWING", threshold=0.5),
    }


def doors(kit, first, second, kinds, rooms):
    """(number, description, wall, type, centre, swing, spaces it connects)."""
    s = 26 - 0.5 - 40 * INCH
    table = [
        ("D101", "Lobby to corridor", first["Corridor south"], "pair", (40, 20), NORTH, "100 110"),
        ("D102", "Office 102", first["Corridor south"], "single", (9, 20), SOUTH, "102 110"),
        ("D103", "Office 103, clear width not given", first["Corridor south"], "no lining", (21, 20), SOUTH, "103 110"),
        ("D104", "Office 104", first["Corridor south"], "single", (60, 20), SOUTH, "104 110"),
        ("D105", "Break room", first["Corridor south"], "single", (74, 20), SOUTH, "105 110"),
        ("D106", "Open office 101", first["Corridor north west"], "single", (16, 26), NORTH, "101 110"),
        ("D107", "Stair A from corridor", first["Stair south"], "fire", (36.5, 26), NORTH, "S1 110"),
        ("D108", "Stair A exit", first["North"], "exit", (38.5, 47.625), NORTH, "S1"),
        ("D109", "Corridor 111", first["Corridor north east"], "single", (43.5, 26), NORTH, "110 111"),
        ("D110", "Women's restroom", first["Room 46 north"], "single", (46, 31.5), EAST, "111 112"),
        ("D111", "Men's restroom", first["Room 46 north"], "single", (46, 42), EAST, "111 113"),
        ("D112", "Rear exit, high threshold", first["North"], "high threshold", (43.5, 47.625), NORTH, "111"),
        ("D113", "Mechanical room, rating is a placeholder",
         first["Corridor north east"], "placeholder", (64, 26), NORTH, "110 114"),
        ("D114", "Storage", first["Corridor north east"], "fire", (73.25, 26), NORTH, "110 115"),
        ("D115", "Room 116", first["Corridor north east"], "single", (80, 26), NORTH, "110 116"),
        ("D116", "East exit", first["East"], "exit", (83.625, 23), EAST, "110"),
        ("D117", "West exit, too narrow", first["West"], "narrow exit", (0.375, 23), WEST, "110"),
        ("D201", "Conference room, its only door", second["Corridor north east"], "single", (45, 26), SOUTH, "201 210"),
        ("D202", "Open office 202", second["Corridor north west"], "single", (16, 26), NORTH, "202 210"),
        ("D203", "Office 203", second["Corridor south"], "single", (9, s), SOUTH, "203 210"),
        ("D204", "Office 204", second["Corridor south"], "single", (21, s), SOUTH, "204 210"),
        ("D205", "Gallery to corridor", second["Corridor south"], "pair", (40, s), NORTH, "200 210"),
        ("D206", "Restroom 205", second["Corridor south"], "single", (60, s), SOUTH, "205 210"),
        ("D207", "Open office 206", second["Corridor south"], "single", (74, s), SOUTH, "206 210"),
        ("D208", "Stair A, the only exit of Level 2", second["Stair south"], "fire", (36.5, 26), NORTH, "210 S2"),
    ]
    for number, text, wall, kind, centre, swing, around in table:
        element = wall_door(wall, number, text, kinds[kind], centre, swing)
        names = around.split()
        bounds(kit, element, [rooms[n] for n in names], "INTERNAL" if len(names) == 2 else "EXTERNAL")
        if number == "D114":  # overrides one property of its type's set: 45 min instead of 90 min
            kit.pset(element, "Pset_DoorCommon", FireRating=("Label", "45 min"))
        if number == "D208":
            kit.pset(element, "Pset_DoorCommon", FireExit=("Boolean", True))


def windows(kit, first, second):
    kind = window_type(kit, "Fixed 60 x 60")
    for number, made in ((1, first), (2, second)):
        north = (8, 16, 24) if number == 1 else (8, 16, 24, 50, 60, 70)
        places = [("South west", x, 0.375, SOUTH) for x in (7, 19)]
        places += [("South east", x, 0.375, SOUTH) for x in (60, 70, 78)]
        places += [("North", x, 47.625, NORTH) for x in north]
        places += [("West", 0.375, y, WEST) for y in (10, 37)] + [("East", 83.625, y, EAST) for y in (10, 37)]
        for index, (wall, x, y, outwards) in enumerate(places, 1):
            window(made[wall], f"W{number}{index:02}", kind, (x, y), outwards)


def curtain_wall(kit, level, entrance, lobby):
    """Two storeys of glass in front of the lobby; the entrance door belongs to it, not to a storey."""
    y, top = 0.375, ROOF - SLAB
    columns = [30, 34, 40 - 38 * INCH, 40 + 38 * INCH, 46, 50]
    rows = [0, 86 * INCH, STOREY, 19, top]
    wall = kit.rooted("IfcCurtainWall", "Curtain wall", "Curtain wall", ObjectPlacement=kit.placement(level["place"]))
    kit.contain(level["storey"], wall)
    kit.pset(wall, "Pset_CurtainWallCommon", Reference=("Identifier", "CW-1"), IsExternal=("Boolean", True))

    def part(kind, name, solid, **attributes):
        element = kit.rooted(kind, name, name, ObjectPlacement=kit.placement(wall.ObjectPlacement),
                             Representation=kit.shape(kit.body(solid)), **attributes)
        kit.aggregate(wall, element)
        kit.made_of(kit.material("Glass" if kind == "IfcPlate" else "Aluminum"), element)

    half = 1.25 * INCH
    for i, x in enumerate(columns, 1):
        # A mullion beside the door stands next to the frame, not in it.
        shift = {3: -half, 4: half, 1: half, 6: -half}.get(i, 0)
        x += shift
        part("IfcMember", f"Mullion {i}", kit.box((x - half, y - 0.2, 0), (x + half, y + 0.2, top), "frame"),
             PredefinedType="MULLION")
    for j, z in enumerate(rows, 1):
        spans = [(columns[0], columns[2]), (columns[3], columns[5])] if z == 0 else [(columns[0], columns[5])]
        for k, (left, right) in enumerate(spans, 1):
            low = z - 2 * half if z == top else z
            bar = kit.box((left, y - 0.15, low), (right, y + 0.15, low + 2 * half), "frame")
            part("IfcMember", f"Transom {j}.{k}", bar, PredefinedType="MULLION")
    for i, (left, right) in enumerate(zip(columns, columns[1:]), 1):
        for j, (low, high) in enumerate(zip(rows, rows[1:]), 1):
            if (i, j) != (3, 1):
                part("IfcPlate", f"Pane {i}.{j}", kit.box((left, y - 0.04, low), (right, y + 0.04, high), "glass"),
                     PredefinedType="CURTAIN_PANEL")
    place = kit.placement(wall.ObjectPlacement, (columns[3], y, 0), (-1, 0, 0))  # opens to the south
    element = door(kit, "D100", "Main entrance, in the curtain wall", entrance, place)
    kit.aggregate(wall, element)
    bounds(kit, element, [lobby], "EXTERNAL")


def stair(kit, ground, upper):
    """Stair A: 12 risers of 7 1/2 in (too high), then 11 of 6 in with treads of 10 1/2 in (too short)."""
    parent = kit.rooted("IfcStair", "Stair A", "Stair A", ObjectPlacement=kit.placement(ground["place"]),
                        PredefinedType="HALF_TURN_STAIR")
    kit.contain(ground["storey"], parent)
    kit.pset(parent, "Pset_StairCommon", Reference=("Identifier", "ST-A"), NumberOfRiser=("CountMeasure", 23),
             NumberOfTreads=("CountMeasure", 21), IsExternal=("Boolean", False), FireExit=("Boolean", True),
             FireRating=("Label", "120 min"))
    riser1, riser2, tread1, tread2, landing = 7.5 * INCH, 6 * INCH, 1.0, 10.5 * INCH, 90 * INCH
    stair_flight(kit, ground, parent, "Flight A1", (36.25, 31.5, 0), NORTH, 4.0, 12, riser1, tread1, 9.0)
    kit.aggregate(parent, slab(kit, ground, "Landing A", rectangle(32.25, 42.6, 40.75, 47.25), landing, 0.5, "LANDING"))
    stair_flight(kit, ground, parent, "Flight A2", (36.75, 42.5, landing), SOUTH, 4.0, 11, riser2, tread2, 9.0)
    for x in (32.45, 36.0):
        railing(kit, ground, f"Handrail A1 x={x:g}", [(x, 31.5, riser1), (x, 42.5, landing)], 3.0, "HANDRAIL", parent)
    for x in (37.0, 40.55):
        railing(kit, ground, f"Handrail A2 x={x:g}", [(x, 42.5, landing + riser2), (x, 33.75, STOREY)], 3.0,
                "HANDRAIL", parent)
    inner = (("A1", 36.2, (31.5, riser1), (42.5, landing)), ("A2", 36.8, (42.5, landing + riser2), (33.75, STOREY)))
    for name, x, (y0, z0), (y1, z1) in inner:
        railing(kit, ground, f"Guard {name}", [(x, y0, z0), (x, y1, z1)], 3.5, "GUARDRAIL", parent)
    railing(kit, upper, "Stair guard", [(32.25, 31.4, 0), (36.6, 31.4, 0), (36.6, 33.75, 0)], 3.5, "GUARDRAIL")


def guards(kit, upper):
    """Guards at the lobby void: the north one is 36 in high (too low), the others 42 in."""
    railing(kit, upper, "Gallery guard north", [(27.9, 10.1, 0), (52.1, 10.1, 0)], 36 * INCH, "GUARDRAIL")
    railing(kit, upper, "Gallery guard west", [(27.9, 0.85, 0), (27.9, 10.0, 0)], 42 * INCH, "GUARDRAIL")
    railing(kit, upper, "Gallery guard east", [(52.1, 0.85, 0), (52.1, 10.0, 0)], 42 * INCH, "GUARDRAIL")


def entrance(kit, ground, site):
    """Terrace, steps (conforming) and the ramp of 1:10 (too steep); the forecourt is 24 in below Level 1."""
    outside = {**ground, "outside": True}
    drop = 2.0
    kit.contain(ground["storey"], slab(kit, ground, "Entrance terrace", rectangle(22, -6, 54, 0), 0, drop, "LANDING"))
    steps = kit.rooted("IfcStair", "Entrance steps", "Entrance steps", ObjectPlacement=kit.placement(ground["place"]),
                       PredefinedType="STRAIGHT_RUN_STAIR")
    kit.contain(ground["storey"], steps)
    kit.pset(steps, "Pset_StairCommon", Reference=("Identifier", "ST-E"), NumberOfRiser=("CountMeasure", 4),
             NumberOfTreads=("CountMeasure", 3), RiserHeight=("PositiveLengthMeasure", 0.5),
             TreadLength=("PositiveLengthMeasure", 1.0), IsExternal=("Boolean", True), FireExit=("Boolean", True))
    stair_flight(kit, ground, steps, "Flight E1", (44, -9.1, -drop), NORTH, 8.0, 4, 0.5, 1.0, 20.0)
    for x in (36.2, 43.8):
        railing(kit, outside, f"Handrail E1 x={x:g}", [(x, -9.1, 0.5 - drop), (x, -6.1, 0)], 3.0, "HANDRAIL", steps)

    run, width, low, high = 20.0, 4.0, -5.0, -1.0
    ramp = kit.rooted("IfcRamp", "Entrance ramp", "Entrance ramp", ObjectPlacement=kit.placement(ground["place"]),
                      PredefinedType="STRAIGHT_RUN_RAMP")
    kit.contain(ground["storey"], ramp)
    kit.pset(ramp, "Pset_RampCommon", Reference=("Identifier", "RP-1"), IsExternal=("Boolean", True),
             HandicapAccessible=("Boolean", True))
    wedge = kit.prism([(0, 0), (run, -drop), (0, -drop)], (54, high, 0), width, "concrete", (1, 0, 0), (0, -1, 0))
    flight = kit.rooted("IfcRampFlight", "Ramp flight", "Ramp flight",
                        ObjectPlacement=kit.placement(ramp.ObjectPlacement),
                        Representation=kit.shape(kit.body(wedge)), PredefinedType="STRAIGHT")
    kit.aggregate(ramp, flight)
    kit.pset(flight, "Pset_RampFlightCommon", Reference=("Identifier", "RP-1"),
             ClearWidth=("PositiveLengthMeasure", width),
             Slope=("PlaneAngleMeasure", math.degrees(math.atan(drop / run))))
    for y in (low + 0.1, high - 0.1):
        railing(kit, outside, f"Ramp handrail y={y:g}", [(54, y, 0), (54 + run, y, -drop)], 3.0, "HANDRAIL", ramp)

    plateau = [(-12, 0), (-0.01, 0), (-0.01, DEPTH), (LENGTH, DEPTH), (LENGTH, 0), (96, 0), (96, 62), (-12, 62)]
    solids = [kit.prism(plateau, (0, 0, -drop), drop - 0.02, "ground"),
              kit.box((-12, -24, -drop - 0.5), (96, 62, -drop), "ground")]
    terrain = kit.rooted("IfcGeographicElement", "Terrain", "Terrain", PredefinedType="TERRAIN",
                         ObjectPlacement=kit.placement(site.ObjectPlacement),
                         Representation=kit.shape(kit.body(*solids)))
    kit.contain(site, terrain)


def main():
    kit = Kit("office.ifc", "ViewDefinition [ReferenceView_V1.2]")
    site, _, levels = project(kit)
    ground, upper, _ = levels
    structure(kit, levels)
    kinds = wall_types(kit)
    first, second = walls(kit, ground, 1, kinds), walls(kit, upper, 2, kinds)
    rooms = spaces(kit, ground, upper, use_codes(kit))
    types = door_types(kit)
    doors(kit, first, second, types, rooms)
    curtain_wall(kit, ground, types["entrance"], rooms["100"])
    windows(kit, first, second)
    stair(kit, ground, upper)
    guards(kit, upper)
    entrance(kit, ground, site)
    kit.finish(pathlib.Path(__file__).with_name("office.ifc"))


if __name__ == "__main__":
    main()
