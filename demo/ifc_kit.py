"""What `make_office.py` is written with: a thin layer over ifcopenshell for deterministic IFC4.

GlobalIds come from names, points and property values are shared, relations are collected and
written once at the end, and nothing depends on the clock or on the machine.
"""

import math
import uuid

import ifcopenshell
import ifcopenshell.guid

NAMESPACE = uuid.UUID("6f1d6d0e-5c0b-5b0e-9a55-1f0a6f6b1c2e")
TIME = 1767225600  # 2026-01-01T00:00:00Z

INCH = 1 / 12  # the model's length unit is the foot

COLOURS = {  # red, green, blue, transparency
    "brick": (0.66, 0.40, 0.31, 0.0),
    "plaster": (0.90, 0.89, 0.85, 0.0),
    "concrete": (0.70, 0.70, 0.68, 0.0),
    "roof": (0.45, 0.46, 0.48, 0.0),
    "steel": (0.35, 0.38, 0.42, 0.0),
    "glass": (0.55, 0.75, 0.85, 0.6),
    "wood": (0.60, 0.44, 0.28, 0.0),
    "fire door": (0.62, 0.22, 0.18, 0.0),
    "frame": (0.30, 0.30, 0.32, 0.0),
    "space": (0.55, 0.70, 0.90, 0.8),
    "ground": (0.47, 0.55, 0.38, 0.0),
}


def clean(number):
    """Rounds away the noise of binary fractions: a billionth of a foot is enough."""
    return round(float(number), 9) + 0.0


class Kit:
    """One IFC4 file under construction. Lengths in feet, angles in degrees."""

    def __init__(self, file_name, description):
        self.file = ifcopenshell.file(schema="IFC4")
        self.cache, self.keys, self.relations = {}, set(), {}
        header = self.file.header
        header.file_description.description = (description,)
        header.file_name.name = file_name
        header.file_name.time_stamp = "2026-01-01T00:00:00"
        header.file_name.author = ("Plancheck",)
        header.file_name.organization = ("Plancheck",)
        header.file_name.preprocessor_version = "Plancheck demo"
        header.file_name.originating_system = "Plancheck demo"
        header.file_name.authorization = ""
        new = self.new
        organization = new("IfcOrganization", Name="Plancheck")
        author = new("IfcPersonAndOrganization", new("IfcPerson", FamilyName="Plancheck"), organization)
        program = new("IfcApplication", organization, "1", "Plancheck demo", "plancheck-demo")
        self.history = new("IfcOwnerHistory", author, program, None, "NOCHANGE", None, None, None, TIME)
        self.context = new("IfcGeometricRepresentationContext", None, "Model", 3, 1e-5,
                           self.axis((0, 0, 0)), self.direction(0, 1))
        self.body_context = self._sub_context("Body", "MODEL_VIEW")
        self.axis_context = self._sub_context("Axis", "GRAPH_VIEW")
        self.plan_context = self._sub_context("FootPrint", "PLAN_VIEW")

    # -- entities -----------------------------------------------------------------------------

    def new(self, kind, *positional, **attributes):
        return self.file.create_entity(kind, *positional, **attributes)

    def shared(self, kind, *positional):
        """An entity without identity, written once for all its users."""
        key = (kind, repr(positional))
        if key not in self.cache:
            self.cache[key] = self.new(kind, *positional)
        return self.cache[key]

    def rooted(self, kind, key, name=None, **attributes):
        """An entity with a GlobalId that depends on its kind and `key` only."""
        assert (kind, key) not in self.keys, f"two {kind} are called {key}"
        self.keys.add((kind, key))
        guid = ifcopenshell.guid.compress(uuid.uuid5(NAMESPACE, f"{kind}/{key}").hex)
        return self.new(kind, GlobalId=guid, OwnerHistory=self.history, Name=name, **attributes)

    def _sub_context(self, name, view):
        return self.new("IfcGeometricRepresentationSubContext", ContextIdentifier=name, ContextType="Model",
                        ParentContext=self.context, TargetView=view)

    # -- places -------------------------------------------------------------------------------

    def point(self, *xyz):
        return self.shared("IfcCartesianPoint", tuple(clean(v) for v in xyz))

    def direction(self, *xyz):
        return self.shared("IfcDirection", tuple(clean(v) for v in xyz))

    def axis(self, origin, x=None, z=None):
        if x or z:
            x, z = x or (1, 0, 0), z or (0, 0, 1)
            return self.shared("IfcAxis2Placement3D", self.point(*origin), self.direction(*z), self.direction(*x))
        return self.shared("IfcAxis2Placement3D", self.point(*origin))

    def placement(self, parent, origin=(0, 0, 0), x=None):
        return self.new("IfcLocalPlacement", parent, self.axis(origin, x))

    # -- shapes -------------------------------------------------------------------------------

    def prism(self, polygon, origin, depth, colour, x=None, z=None):
        """A polygon in the plane through `origin` with the axes `x` and `z` × `x`, extruded along `z`."""
        corners = [self.point(*p) for p in polygon]
        profile = self.new("IfcArbitraryClosedProfileDef", "AREA", None,
                           self.new("IfcPolyline", corners + corners[:1]))
        return self.extrude(profile, origin, depth, colour, x, z)

    def extrude(self, profile, origin, depth, colour, x=None, z=None):
        solid = self.new("IfcExtrudedAreaSolid", profile, self.axis(origin, x, z), self.direction(0, 0, 1),
                         clean(depth))
        if colour:
            self.new("IfcStyledItem", solid, [self._style(colour)], None)
        return solid

    def box(self, low, high, colour):
        """An upright box between two corners."""
        size = [clean(b - a) for a, b in zip(low, high)]
        centre = self.shared("IfcAxis2Placement2D", self.point(size[0] / 2, size[1] / 2))
        profile = self.shared("IfcRectangleProfileDef", "AREA", None, centre, size[0], size[1])
        return self.extrude(profile, low, size[2], colour)

    def bar(self, start, end, width, height, colour):
        """A bar of a rectangular section whose centre line runs from `start` to `end`."""
        run = [b - a for a, b in zip(start, end)]
        length = math.sqrt(sum(v * v for v in run))
        along = tuple(v / length for v in run)
        side = (1, 0, 0) if abs(along[2]) > 0.99 else (-along[1], along[0], 0)
        norm = math.hypot(*side[:2])
        profile = self.shared("IfcRectangleProfileDef", "AREA", None, None, clean(width), clean(height))
        return self.extrude(profile, start, length, colour, tuple(v / norm for v in side), along)

    def _style(self, name):
        red, green, blue, transparency = COLOURS[name]
        colour = self.shared("IfcColourRgb", None, red, green, blue)
        shading = self.shared("IfcSurfaceStyleShading", colour, transparency)
        return self.shared("IfcSurfaceStyle", name, "BOTH", (shading,))

    def body(self, *solids):
        return self.new("IfcShapeRepresentation", self.body_context, "Body", "SweptSolid", solids)

    def curve(self, context, name, points):
        line = self.new("IfcPolyline", [self.point(*p) for p in points])
        return self.new("IfcShapeRepresentation", context, name, "Curve2D", [line])

    def shape(self, *representations):
        return self.new("IfcProductDefinitionShape", None, None, representations)

    def mapped(self, source):
        """The shape of a type, used by an occurrence."""
        origin = self.shared("IfcCartesianTransformationOperator3D", None, None, self.point(0, 0, 0), None, None)
        item = self.new("IfcMappedItem", source, origin)
        return self.shape(self.new("IfcShapeRepresentation", self.body_context, "Body", "MappedRepresentation", [item]))

    # -- data ---------------------------------------------------------------------------------

    def properties(self, name, key, values):
        """A property set; `values` maps a property to (measure, value)."""
        singles = [self.shared("IfcPropertySingleValue", prop, None, self.measure(kind, value), None)
                   for prop, (kind, value) in values.items()]
        return self.rooted("IfcPropertySet", f"{name}/{key}", name, HasProperties=singles)

    def measure(self, kind, value):
        value = clean(value) if isinstance(value, float) else value
        return self.shared(f"Ifc{kind}", value)

    def pset(self, element, name, **values):
        """A property set on an occurrence."""
        definition = self.properties(name, f"{element.is_a()}/{element.GlobalId}", values)
        self.rooted("IfcRelDefinesByProperties", definition.GlobalId, None,
                    RelatedObjects=[element], RelatingPropertyDefinition=definition)

    def quantities(self, element, name, **values):
        """Base quantities; each value is (kind, value), kind `Length`, `Area`, `Volume` or `Count`."""
        items = [self.new(f"IfcQuantity{kind}", prop, None, None, clean(value))
                 for prop, (kind, value) in values.items()]
        definition = self.rooted("IfcElementQuantity", f"{name}/{element.GlobalId}", name, Quantities=items)
        self.rooted("IfcRelDefinesByProperties", definition.GlobalId, None,
                    RelatedObjects=[element], RelatingPropertyDefinition=definition)

    # -- relations ----------------------------------------------------------------------------

    def relate(self, kind, whole_attribute, whole, part_attribute, part):
        """Remembers one part of a one-to-many relation; `finish` writes each relation once."""
        entry = self.relations.setdefault((kind, whole.id()), (whole_attribute, whole, part_attribute, []))
        entry[3].append(part)
        return part

    def contain(self, storey, element):
        return self.relate("IfcRelContainedInSpatialStructure", "RelatingStructure", storey, "RelatedElements", element)

    def aggregate(self, whole, part):
        return self.relate("IfcRelAggregates", "RelatingObject", whole, "RelatedObjects", part)

    def of_type(self, kind, occurrence):
        return self.relate("IfcRelDefinesByType", "RelatingType", kind, "RelatedObjects", occurrence)

    def made_of(self, material, element):
        return self.relate("IfcRelAssociatesMaterial", "RelatingMaterial", material, "RelatedObjects", element)

    def classify(self, reference, element):
        return self.relate("IfcRelAssociatesClassification", "RelatingClassification", reference,
                           "RelatedObjects", element)

    def group(self, group, element):
        return self.relate("IfcRelAssignsToGroup", "RelatingGroup", group, "RelatedObjects", element)

    def material(self, name):
        return self.shared("IfcMaterial", name)

    def finish(self, path):
        """Writes the collected relations and the file."""
        for (kind, _), (whole_attribute, whole, part_attribute, parts) in self.relations.items():
            key = getattr(whole, "GlobalId", None) or f"{whole.is_a()}/{whole.id()}"
            self.rooted(kind, key, None, **{whole_attribute: whole, part_attribute: parts})
        self.file.write(str(path))
