"""A tiny ProactiveBench: six sessions of three events, written by hand."""

import json

STORIES = {
    "bread": (
        "The user opens the recipe 'rye bread.md' in the editor.",
        "The user writes a list of flour and yeast into the recipe.",
        "The user searches for 'sourdough starter temperature' in the browser.",
    ),
    "boat": (
        "The user opens 'hull.py' in the editor.",
        "The user types a function that computes the buoyancy of the hull.",
        "The terminal shows an error: division by zero in buoyancy.",
    ),
    "garden": (
        "The user opens a page on tomato seedlings.",
        "The user searches for 'when to plant tomatoes' in the browser.",
        "The user types a calendar of planting dates into 'garden.txt'.",
    ),
    "letter": (
        "The user clicks the left mouse button.",
        "The user writes a letter of complaint about a late train.",
        "The user searches for 'passenger rights refund' in the browser.",
    ),
    "clock": (
        "The user opens 'clock.rb' in the editor.",
        "The user types a method that formats the minutes.",
        "The user runs the clock in the terminal and sees wrong minutes.",
    ),
    "choir": (
        "The user opens a page with choir songs.",
        "The user copies the verses of a madrigal into a document.",
        "The user searches for 'madrigal sheet music alto' in the browser.",
    ),
}
# For each session, after which event help was needed; for each event two tasks, the first about
# it and the second about something else. What is about it is wanted where help is needed.
NEEDED = {
    "bread": (False, True, True),
    "boat": (False, True, True),
    "garden": (False, True, False),
    "letter": (False, True, True),
    "clock": (False, True, True),
    "choir": (False, True, True),
}
ABOUT = {
    "bread": (
        "Open the last rye bread recipe",
        "List flour and yeast by weight in the recipe",
        "Sum up which temperature a sourdough starter likes",
    ),
    "boat": (
        "Explain what 'hull.py' is for",
        "Write the buoyancy function of the hull for sea water",
        "Fix the division by zero in buoyancy",
    ),
    "garden": (
        "Explain tomato seedlings",
        "List when to plant tomatoes in each month",
        "Add planting dates of beans to the calendar",
    ),
    "letter": (
        "Open a mouse guide",
        "Write the end of the letter about the late train",
        "Sum up the refund that passenger rights grant",
    ),
    "clock": (
        "Review 'clock.rb'",
        "Explain how the method formats the minutes",
        "Fix the wrong minutes that the clock shows",
    ),
    "choir": (
        "Find more choir songs",
        "Translate the verses of the madrigal",
        "Compare sheet music of the madrigal for alto",
    ),
}
BESIDES = "Offer to learn the keyboard shortcuts of spreadsheets"
SESSIONS = ("boat", "letter")


def rows_of(story):
    """All rows of one session: two tasks and one silence after each event."""
    for number, needed in enumerate(NEEDED[story]):
        obs = [
            {"time": f"{story} {at}", "event": event}
            for at, event in enumerate(STORIES[story][: number + 1])
        ]
        yield _row(obs, ABOUT[story][number], needed, needed)
        yield _row(obs, BESIDES, False, needed)
        yield _row(obs, None, not needed, needed)


def _row(obs, task, valid, needed):
    names = {
        (True, True): "Correct-Detection (CD)",
        (True, False): "False-Alarm (FA)",
        (False, True): "Correct-Rejection (CR)",
        (False, False): "Missed-Need (MN)",
    }
    return {
        "obs": obs,
        "pred_task": task,
        "valid": valid,
        "help_needed": needed,
        "annotation": [valid] * 3,
        "category": names[task is not None, valid],
    }


def write_sample(folder):
    """The whole sample; test rows are others than those to train on, of the same histories."""
    rows = [row for story in STORIES for row in rows_of(story)]
    test = [row for row in rows if len(row["obs"]) == 3 and row["pred_task"] != BESIDES]
    _lines(folder / "reward_train.jsonl", [row for row in rows if row not in test])
    _lines(folder / "reward_test.jsonl", test)
    (folder / "events").mkdir(parents=True)
    splits = {
        "everything": {"theme": "All", "files": [f"{name}.json" for name in SESSIONS]},
        "one": {"theme": "Coding", "files": ["boat.json"]},
        "two": {"theme": "Writing", "files": ["letter.json"]},
    }
    _json(folder / "events" / "splits.json", splits)
    for name in SESSIONS:
        _json(folder / "events" / f"{name}.json", _steps(name, [{"candidate_task": ["?"]}] * 3))
        answers = [[ABOUT[name][0]], [ABOUT[name][1]], [BESIDES]]
        trace(folder, "chatty", name, answers)
        trace(folder, "calm", name, [[], ["null"], [ABOUT[name][2]]])
    trace(folder, "calm", "boat", [{"candidate_task": ["?"]}, [], [ABOUT["boat"][2]]])
    return folder


def trace(folder, model, name, answers):
    """What a model answered in one session."""
    place = folder / "traces" / model
    place.mkdir(parents=True, exist_ok=True)
    _json(place / f"{name}.json", _steps(name, answers))


def _steps(name, answers):
    return [
        {
            "observation": {"time": f"{name} {at}", "event": event},
            "agent_response": answer,
            "task_status": at == 2,
        }
        for at, (event, answer) in enumerate(zip(STORIES[name], answers, strict=True))
    ]


def _lines(file, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def _json(file, value):
    file.write_text(json.dumps(value))
