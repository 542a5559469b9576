using System.Diagnostics;
using System.Text;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>ejabberd 24.12 as Debian 12's backports have it.</summary>
/// <remarks>
/// Erlang is started directly: ejabberdctl insists on root or on the user ejabberd. The node is given no name, so it
/// needs no epmd, no cookie and no host name.
/// </remarks>
public sealed class EjabberdServer(ServerSettings settings) : XmppServer(ServerKind.Ejabberd, settings)
{
    private const string Ready = "ejabberd serves";

    private protected override ServerProcess Launch()
    {
        var spool = Directory.CreateDirectory(Path.Combine(Folder, "spool")).FullName;
        var upload = Directory.CreateDirectory(Path.Combine(Folder, "upload")).FullName;
        var configuration = Path.Combine(Folder, "ejabberd.yml");
        var database = Path.Combine(Folder, "archive.sqlite");
        var script = Path.Combine(Folder, "start.erl");
        var resolver = Path.Combine(Folder, "inetrc");
        File.WriteAllText(configuration, EjabberdConfiguration.For(this, database, upload));
        File.WriteAllText(script, Script(database));
        File.WriteAllText(resolver, "");

        var start = new ProcessStartInfo(Installed.OnPath("erl")!) { WorkingDirectory = Folder };
        foreach (var argument in new[]
        {
            // Schedulers that spin while idle would take the processor from the tests; Bd: an interrupt ends it without a menu.
            "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "+Bd",
            "-noshell", "-mnesia", "dir", $"\"{spool}\"",
            "-eval", $"case file:eval(\"{script}\") of ok -> ok; E -> io:format(\"~p~n\", [E]), halt(1) end.",
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = Folder;
        start.Environment["ERL_LIBS"] = Installed.ErlangLibraries;
        start.Environment["ERL_INETRC"] = resolver;
        start.Environment["ERL_CRASH_DUMP_BYTES"] = "0";
        start.Environment["EJABBERD_CONFIG_PATH"] = configuration;
        start.Environment["EJABBERD_LOG_PATH"] = Path.Combine(Folder, "ejabberd.log");
        return new ServerProcess(start);
    }

    private protected override Task WaitUntilReadyAsync(ServerProcess process, CancellationToken cancellationToken) =>
        process.WaitForAsync(Ready, cancellationToken);

    private protected override async Task AddUserAsync(ServerProcess process, string name, string password, CancellationToken cancellationToken)
    {
        var ticket = Guid.NewGuid().ToString("N");
        await process.WriteLineAsync($"{ticket} {Base64(name)} {Base64(password)}", cancellationToken);
        await process.WaitForAsync($"{ticket} ok", cancellationToken);
    }

    private protected override async Task WaitUntilGoneAsync(ServerProcess process, string name, CancellationToken cancellationToken)
    {
        var ticket = Guid.NewGuid().ToString("N");
        await process.WriteLineAsync($"{ticket} {Base64(name)}", cancellationToken);
        await process.WaitForAsync($"{ticket} ok", cancellationToken);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // All tables at once: one by one they may take longer than the driver waits by itself, 5 s, when the disk is busy.

    /// <summary>Makes the archive's tables, starts ejabberd, then adds an account, or waits until one has no session, for each
    /// line read, and ends with its input.</summary>
    private string Script(string database) => $$"""
        case filelib:is_regular("{{database}}") of
            true -> ok;
            false ->
                {ok, _} = sqlite3:open(setup, [{file, "{{database}}"}]),
                {ok, Schema} = file:read_file("{{Installed.EjabberdSchema}}"),
                Whole = <<"BEGIN;\n", Schema/binary, "\nCOMMIT;\n">>,
                [ok = R || R <- sqlite3:sql_exec_script_timeout(setup, Whole, infinity), R =/= ok],
                sqlite3:close_timeout(setup, infinity)
        end.
        {ok, _} = application:ensure_all_started(ejabberd).
        AddUser = fun(Name, Password) ->
            case ejabberd_auth:try_register(Name, <<"{{Domain}}">>, Password) of
                {error, exists} -> ejabberd_auth:set_password(Name, <<"{{Domain}}">>, Password);
                Result -> Result
            end
        end.
        WaitUntilGone = fun Wait(Name) ->
            case ejabberd_sm:get_user_resources(Name, <<"{{Domain}}">>) of
                [] -> ok;
                _ -> timer:sleep(5), Wait(Name)
            end
        end.
        Serve = fun Loop() ->
            case io:get_line("") of
                Line when is_list(Line) ->
                    [Ticket | Arguments] = string:lexemes(Line, " \n"),
                    case [base64:decode(Argument) || Argument <- Arguments] of
                        [Name, Password] -> io:format("~s ~p~n", [Ticket, AddUser(Name, Password)]);
                        [Name] -> spawn(fun() -> io:format("~s ~p~n", [Ticket, WaitUntilGone(Name)]) end)
                    end,
                    Loop();
                _ -> init:stop()
            end
        end.
        spawn(Serve).
        io:format("{{Ready}}~n").

        """;
}
