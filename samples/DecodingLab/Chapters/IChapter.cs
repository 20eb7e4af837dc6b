namespace DecodingLab.Chapters;

/// <summary>One method, explained with what it did in this run.</summary>
internal interface IChapter
{
    /// <summary>The name of its sub-command.</summary>
    string Name { get; }

    string Title { get; }

    ChapterText Text { get; }

    /// <summary>Runs the method. Nothing in the result is made up: sentences and figures say what traces and clocks said.</summary>
    Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken);
}

/// <summary>What is to be said of a method before it runs.</summary>
internal sealed record ChapterText(string WhatItDoes, string Advantages, string Drawbacks, string WhenToUse);
