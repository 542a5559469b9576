using System.Text;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

/// <summary>Drives a mechanism with text, so that tests read like the examples of the RFCs.</summary>
internal static class MechanismText
{
    public static string StartText(this ISaslMechanism mechanism) =>
        Encoding.UTF8.GetString(mechanism.Start()!.Value.Span);

    public static string RespondText(this ISaslMechanism mechanism, string challenge) =>
        Encoding.UTF8.GetString(mechanism.Respond(Encoding.UTF8.GetBytes(challenge)).Span);

    public static void CompleteText(this ISaslMechanism mechanism, string additionalData) =>
        mechanism.Complete(Encoding.UTF8.GetBytes(additionalData));
}
