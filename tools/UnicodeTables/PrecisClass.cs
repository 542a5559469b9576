namespace UnicodeTables;

// The numbers are those the product reads.
internal enum PrecisClass
{
    Disallowed = 0,
    Valid = 1,
    FreeformOnly = 2,
    ContextJ = 3,
    ContextO = 4,
}
