"""The parts that `make_office.py` puts together: walls, doors, windows, spaces, stairs, railings."""

import math

from ifc_kit import INCH

WINDOW_SIZE = (5.0, 5.0)
SILL = 2.5
NORTH, SOUTH, EAST, WEST = (0, 1), (0, -1), (1, 0), (-1, 0)


class Wall:
    """A straight wall on its centre line, with the doors and windows that go through it."""

    def __init__(self, kit, level, name, start, end, kind, height, base=0.0):
        self.kit, self.level, self.name, self.start = kit, level, name, start
        self.thickness, self.base = kind["thickness"], base
        run = (end[0] - start[0], end[1] - start[1])
        self.length = math.hypot(*run)
        self.along = (run[0] / self.length, run[1] / self.length)
        half = self.thickness / 2
        body = kit.box((0, -half, 0), (self.length, half, height), kind["colour"])
        shape = kit.shape(kit.curve(kit.axis_context, "Axis", [(0, 0), (self.length, 0)]), kit.body(body))
        place = kit.placement(level["place"], (*start, base), (*self.along, 0))
        self.element = kit.rooted("IfcWall", name, name, ObjectPlacement=place, Representation=shape,
                                  PredefinedType="STANDARD")
        kit.contain(level["storey"], self.element)
        kit.of_type(kind["type"], self.element)
        kit.made_of(kind["usage"], self.element)

    def opening(self, name, width, height, centre, sill, facing):
        """Voids the wall around `centre` (plan coordinates). Local +Y of the opening is `facing`."""
        kit = self.kit
        distance = sum((c - s) * a for c, s, a in zip(centre, self.start, self.along))
        sense = 1 if facing[1] * self.along[0] - facing[0] * self.along[1] > 0 else -1
        place = kit.placement(self.element.ObjectPlacement, (distance - sense * width / 2, 0, sill - self.base),
                              (sense, 0, 0))
        half = self.thickness / 2 + 0.05
        shape = kit.shape(kit.body(kit.box((0, -half, 0), (width, half, height), None)))
        hole = kit.rooted("IfcOpeningElement", name, name, ObjectPlacement=place, Representation=shape,
                          PredefinedType="OPENING")
        kit.rooted("IfcRelVoidsElement", name, None, RelatingBuildingElement=self.element, RelatedOpeningElement=hole)
        return hole

    def fill(self, hole, element):
        self.kit.rooted("IfcRelFillsElement", element.Name, None, RelatingOpeningElement=hole,
                        RelatedBuildingElement=element)


def layered(kit, kind, name, layers, colour):
    """A wall type with its layers, from outside to inside; `layers` is [(material, inches)]."""
    items = [kit.new("IfcMaterialLayer", kit.material(material), inches * INCH, None, material)
             for material, inches in layers]
    layer_set = kit.new("IfcMaterialLayerSet", items, name)
    thickness = sum(inches for _, inches in layers) * INCH
    usage = kit.new("IfcMaterialLayerSetUsage", layer_set, "AXIS2", "POSITIVE", -thickness / 2)
    wall_type = kit.rooted("IfcWallType", name, name, PredefinedType="STANDARD", HasPropertySets=[
        kit.properties("Pset_WallCommon", name, kind)])
    kit.made_of(layer_set, wall_type)
    return {"type": wall_type, "usage": usage, "thickness": thickness, "colour": colour}


def door_type(kit, name, inches, colour, common, operation="SINGLE_SWING_LEFT", lining=2.0, threshold=None):
    """A door type: overall size in inches, Pset_DoorCommon, lining data (`lining=None`: none given)."""
    width, height = (v * INCH for v in inches)
    # Without lining data the shape has no frame either: nothing tells the leaf from the frame.
    frame, deep, leaf = (lining or 0.0) * INCH, 2.5 * INCH, 1.75 * INCH
    sets = [kit.properties("Pset_DoorCommon", name, common)]
    if lining:
        sets.append(kit.rooted("IfcDoorLiningProperties", name, f"{name} lining", LiningDepth=5 * INCH,
                               LiningThickness=frame, ThresholdDepth=5 * INCH if threshold else None,
                               ThresholdThickness=threshold * INCH if threshold else None))
        leaves = ("LEFT", "RIGHT") if operation.startswith("DOUBLE") else ("LEFT",)
        for side in leaves:
            sets.append(kit.rooted("IfcDoorPanelProperties", f"{name} {side}", f"{name} panel", PanelDepth=leaf,
                                   PanelOperation="SWINGING", PanelWidth=1 / len(leaves), PanelPosition=side))
    solids = []
    if lining:
        solids = [kit.box((0, -deep, 0), (frame, deep, height), "frame"),
                  kit.box((width - frame, -deep, 0), (width, deep, height), "frame"),
                  kit.box((frame, -deep, height - frame), (width - frame, deep, height), "frame")]
    bottom = (threshold or 0) * INCH
    edges = (frame, width / 2, width - frame) if operation.startswith("DOUBLE") else (frame, width - frame)
    for left, right in zip(edges, edges[1:]):
        low, high = (left + 0.01, deep - leaf, bottom + 0.02), (right - 0.01, deep, height - frame - 0.01)
        solids.append(kit.box(low, high, colour))
    if threshold:
        solids.append(kit.box((frame, -deep, 0), (width - frame, deep, bottom), "frame"))
    source = kit.new("IfcRepresentationMap", kit.axis((0, 0, 0)), kit.body(*solids))
    kind = kit.rooted("IfcDoorType", name, name, HasPropertySets=sets, RepresentationMaps=[source],
                      PredefinedType="DOOR", OperationType=operation)
    return {"type": kind, "map": source, "width": width, "height": height, "operation": operation}


def door(kit, name, long_name, kind, place):
    """An occurrence of a door type, not yet contained anywhere."""
    element = kit.rooted("IfcDoor", name, name, Description=long_name, ObjectType=kind["type"].Name,
                         ObjectPlacement=place, Representation=kit.mapped(kind["map"]), Tag=name,
                         OverallHeight=kind["height"], OverallWidth=kind["width"], PredefinedType="DOOR",
                         OperationType=kind["operation"])
    kit.of_type(kind["type"], element)
    return element


def wall_door(wall, name, long_name, kind, centre, swings):
    """A door in a wall whose leaf swings towards `swings`."""
    kit = wall.kit
    hole = wall.opening(name, kind["width"], kind["height"], centre, 0.0, swings)
    element = door(kit, name, long_name, kind, kit.placement(hole.ObjectPlacement))
    wall.fill(hole, element)
    kit.contain(wall.level["storey"], element)
    return element


def bounds(kit, element, spaces, boundary):
    """First-level space boundaries: the element separates these spaces."""
    for space in spaces:
        kit.rooted("IfcRelSpaceBoundary", f"{space.Name}/{element.Name}", "1stLevel", RelatingSpace=space,
                   RelatedBuildingElement=element, PhysicalOrVirtualBoundary="PHYSICAL",
                   InternalOrExternalBoundary=boundary)


def window_type(kit, name):
    width, height = WINDOW_SIZE
    frame, deep = 2 * INCH, 2 * INCH
    solids = [kit.box((0, -deep, 0), (frame, deep, height), "frame"),
              kit.box((width - frame, -deep, 0), (width, deep, height), "frame"),
              kit.box((frame, -deep, 0), (width - frame, deep, frame), "frame"),
              kit.box((frame, -deep, height - frame), (width - frame, deep, height), "frame"),
              kit.box((frame, -0.04, frame), (width - frame, 0.04, height - frame), "glass")]
    source = kit.new("IfcRepresentationMap", kit.axis((0, 0, 0)), kit.body(*solids))
    common = kit.properties("Pset_WindowCommon", name, {
        "Reference": ("Identifier", "W1"), "IsExternal": ("Boolean", True), "FireExit": ("Boolean", False),
        "GlazingAreaFraction": ("PositiveRatioMeasure", 0.87)})
    kind = kit.rooted("IfcWindowType", name, name, HasPropertySets=[common], RepresentationMaps=[source],
                      PredefinedType="WINDOW", PartitioningType="SINGLE_PANEL")
    return {"type": kind, "map": source}


def window(wall, name, kind, centre, outwards):
    kit, (width, height) = wall.kit, WINDOW_SIZE
    hole = wall.opening(name, width, height, centre, SILL, outwards)
    element = kit.rooted("IfcWindow", name, name, ObjectType=kind["type"].Name,
                         ObjectPlacement=kit.placement(hole.ObjectPlacement), Representation=kit.mapped(kind["map"]),
                         Tag=name, OverallHeight=height, OverallWidth=width, PredefinedType="WINDOW",
                         PartitioningType="SINGLE_PANEL")
    wall.fill(hole, element)
    kit.of_type(kind["type"], element)
    kit.contain(wall.level["storey"], element)


def rectangle(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def area_and_perimeter(polygon):
    pairs = list(zip(polygon, polygon[1:] + polygon[:1]))
    return (abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2,
            sum(math.dist(a, b) for a, b in pairs))


def space(kit, level, number, long_name, footprint, ceiling, net_area=None):
    """A space over its net footprint, up to its ceiling, with base quantities.

    `net_area` replaces the true net floor area: the deliberate conflict.
    """
    area, perimeter = area_and_perimeter(footprint)
    net = net_area or area
    shape = kit.shape(
        kit.curve(kit.plan_context, "FootPrint", footprint + footprint[:1]),
        kit.body(kit.prism(footprint, (0, 0, 0), ceiling, "space")))
    element = kit.rooted("IfcSpace", number, number, LongName=long_name, ObjectPlacement=kit.placement(level["place"]),
                         Representation=shape, CompositionType="ELEMENT", PredefinedType="SPACE",
                         ElevationWithFlooring=0.0)
    kit.aggregate(level["storey"], element)
    # Gross: to the middle of 6 in walls around a footprint with right angles only.
    gross = net + perimeter * 0.25 + 4 * 0.25 ** 2
    kit.quantities(element, "Qto_SpaceBaseQuantities", Height=("Length", ceiling),
                   FinishCeilingHeight=("Length", ceiling), NetPerimeter=("Length", perimeter),
                   GrossFloorArea=("Area", gross), NetFloorArea=("Area", net), NetVolume=("Volume", net * ceiling))
    return element


def railing(kit, level, name, path, height, kind, parent=None):
    """A railing along `path` (x, y, z of the walking surface): top rail and posts, `height` feet high."""
    solids = []
    for start, end in zip(path, path[1:]):
        length = math.dist(start[:2], end[:2])
        low, high = ((*p[:2], p[2] + height - 0.0625) for p in (start, end))
        solids.append(kit.bar(low, high, 0.125, 0.125, "steel"))
        if kind == "GUARDRAIL":  # glass between the posts
            (x0, y0, z0), rise = start, end[2] - start[2]
            ahead = ((end[0] - x0) / length, (end[1] - y0) / length)
            pane = [(0, 0.2), (length, rise + 0.2), (length, rise + height - 0.2), (0, height - 0.2)]
            right = (ahead[1], -ahead[0], 0)
            corner = (x0 - right[0] * 0.02, y0 - right[1] * 0.02, z0)
            solids.append(kit.prism(pane, corner, 0.04, "glass", (*ahead, 0), right))
        count = max(1, round(length / 4))
        for i in range(count + 1):
            x, y, z = (a + (b - a) * i / count for a, b in zip(start, end))
            solids.append(kit.bar((x, y, z), (x, y, z + height - 0.0625), 0.1, 0.1, "steel"))
    element = kit.rooted("IfcRailing", name, name, ObjectPlacement=kit.placement(level["place"]),
                         Representation=kit.shape(kit.body(*solids)), PredefinedType=kind)
    kit.pset(element, "Pset_RailingCommon", Reference=("Identifier", kind), Height=("PositiveLengthMeasure", height),
             Diameter=("PositiveLengthMeasure", 1.5 * INCH), IsExternal=("Boolean", level.get("outside", False)))
    if parent:
        kit.aggregate(parent, element)
    else:
        kit.contain(level["storey"], element)
    return element


def stair_flight(kit, level, parent, name, origin, heading, width, risers, riser, tread, headroom):
    """A straight flight. `origin` is the bottom of its first riser, on its right side seen going up."""
    run, rise, waist, lip = (risers - 1) * tread, risers * riser, 0.75, 0.1
    steps = [(0, 0)]
    for i in range(risers):
        steps += [(i * tread, (i + 1) * riser), ((i + 1) * tread, (i + 1) * riser)]
    steps[-1] = (run + lip, rise)
    steps += [(run + lip, rise - riser - waist), (waist * tread / riser, 0)]
    across = (-heading[1], heading[0], 0)  # to the left of the direction of ascent
    left = tuple(o + a * width for o, a in zip(origin, across))
    solid = kit.prism(steps, left, width, "concrete", (*heading, 0), tuple(-v for v in across))
    element = kit.rooted("IfcStairFlight", name, name, ObjectPlacement=kit.placement(level["place"]),
                         Representation=kit.shape(kit.body(solid)), NumberOfRisers=risers, NumberOfTreads=risers - 1,
                         RiserHeight=riser, TreadLength=tread, PredefinedType="STRAIGHT")
    kit.aggregate(parent, element)
    kit.pset(element, "Pset_StairFlightCommon", NumberOfRiser=("CountMeasure", risers),
             NumberOfTreads=("CountMeasure", risers - 1), RiserHeight=("PositiveLengthMeasure", riser),
             TreadLength=("PositiveLengthMeasure", tread), Headroom=("PositiveLengthMeasure", headroom))
    return element
