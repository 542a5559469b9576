using XmppChatClient.Forms;

namespace XmppChatClient.Registration;

/// <summary>What a server asks of a new account, one form however it asks, and how it is answered.</summary>
internal static class RegistrationForm
{
    /// <summary>What is asked, with the name and password in it.</summary>
    public static DataForm Of(RegistrationQuery asked, string? username, string? password)
    {
        var form = asked.Form ?? new DataForm(DataFormType.Form)
        {
            Instructions = asked.Instructions,
            Fields =
            [
                .. asked.Fields.Where(f => f.Key != "key").Select(f => new DataFormField(f.Key)
                {
                    Type = f.Key == "password" ? "text-private" : "text-single",
                    IsRequired = true,
                    Values = f.Value.Length == 0 ? [] : [f.Value],
                }),
            ],
        };
        form = username is not null && form.Find("username") is not null ? form.With("username", username) : form;
        return password is not null && form.Find("password") is not null ? form.With("password", password) : form;
    }

    /// <summary>The first field that must be filled in and is not; <see langword="null"/> when it may be sent.</summary>
    public static string? Missing(DataForm form) =>
        form.Fields.FirstOrDefault(f => f.IsRequired && f.Values.All(string.IsNullOrEmpty))?.Name;

    /// <summary>What to send for a filled-in form: a form where one was asked, else plain fields (XEP-0077 §4).</summary>
    public static RegistrationQuery Answer(RegistrationQuery asked, DataForm filled) => asked.Form is not null
        ? new RegistrationQuery { Form = filled.Submit() }
        : new RegistrationQuery
        {
            // XEP-0077 §3.1: an old server may ask for its key back.
            Fields =
            [
                .. filled.Fields.Where(f => f is { Name: not null, Value: not null }).Select(f => KeyValuePair.Create(f.Name!, f.Value!)),
                .. asked.Fields.Where(f => f.Key == "key"),
            ],
        };
}
