using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EchoBot.QuickStart;

/// <summary>The last line of the terminal, where you write; what is printed meanwhile goes above it.</summary>
internal sealed class ChatPrompt(IAnsiConsole console)
{
    private const string EraseLine = "\r\e[2K";
    private const char EndOfInput = '\u0004';

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private bool _reading;

    /// <summary>Stands before what you write; in Spectre.Console's markup.</summary>
    public string Label
    {
        get;
        set
        {
            lock (_lock)
            {
                field = value;
                Draw();
            }
        }
    } = "";

    /// <param name="markup">In Spectre.Console's markup.</param>
    public void Print(string markup)
    {
        lock (_lock)
        {
            console.Write(new ControlCode(EraseLine));
            console.MarkupLine(markup);
            Draw();
        }
    }

    /// <returns>What you wrote; null at Ctrl-D.</returns>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        Start();
        while (true)
        {
            if (await console.Input.ReadKeyAsync(intercept: true, cancellationToken) is { } key && Take(key, out var text))
            {
                return text;
            }
        }
    }

    private void Start()
    {
        lock (_lock)
        {
            _reading = true;
            Draw();
        }
    }

    /// <returns>Whether the line is complete.</returns>
    private bool Take(ConsoleKeyInfo key, out string? text)
    {
        text = null;
        lock (_lock)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    text = _text.ToString();
                    break;
                case { KeyChar: EndOfInput } or { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _text.Length == 0:
                    break;
                case { Key: ConsoleKey.Backspace } when _text.Length > 0:
                    _text.Length = StringInfo.ParseCombiningCharacters(_text.ToString())[^1];
                    Draw();
                    return false;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        _text.Append(key.KeyChar);
                        Draw();
                    }

                    return false;
            }

            _text.Clear();
            _reading = false;
            console.WriteLine();
            return true;
        }
    }

    // Of a text that is wider than the terminal its end: a line that wraps could not be erased as one.
    private void Draw()
    {
        if (!_reading)
        {
            return;
        }

        console.Write(new ControlCode(EraseLine));
        console.Markup(Label);
        var room = console.Profile.Width - Width(Markup.Remove(Label)) - 1;
        var text = _text.ToString();
        foreach (var start in StringInfo.ParseCombiningCharacters(text))
        {
            if (Width(text[start..]) <= room)
            {
                console.Write(new Text(text[start..]));
                break;
            }
        }
    }

    private static int Width(string text) => new Segment(text).CellCount();
}
