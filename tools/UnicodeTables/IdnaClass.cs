namespace UnicodeTables;

// The numbers are those the product reads.
internal enum IdnaClass
{
    Disallowed = 0,
    Valid = 1,
    ContextJ = 2,
    ContextO = 3,
}
