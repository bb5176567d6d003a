/* A program for tests/windows/install.sh. As tshark.exe, it lists the plugins in the user's folder and in its own folder,
 * which is the current one. If a file `refuses` is beside it, it lists none.
 * Under any other name, the script must not run it: it then creates a file NAME.ran beside itself.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define LONGEST 4096

static void list(const wchar_t *plugins)
{
    static const wchar_t *const releases[] = { L"3.4", L"3.6", L"4.0", L"4.2", L"4.4", L"4.6", L"4.8" };
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        /* It is the release whose folder it has. */
        wchar_t path[LONGEST];
        _snwprintf(path, LONGEST, L"plugins\\%ls", releases[i]);
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
            continue;
        _snwprintf(path, LONGEST, L"%ls\\%ls\\epan\\*.dll", plugins, releases[i]);
        WIN32_FIND_DATAW found;
        HANDLE search = FindFirstFileW(path, &found);
        if (search == INVALID_HANDLE_VALUE)
            continue;
        do
            printf("%ls\t0.2.0\tdissector\n", found.cFileName);
        while (FindNextFileW(search, &found));
        FindClose(search);
    }
}

int wmain(void)
{
    wchar_t self[LONGEST];
    GetModuleFileNameW(NULL, self, LONGEST);
    const wchar_t *name = wcsrchr(self, L'\\');
    if (name && _wcsicmp(name, L"\\tshark.exe") == 0) {
        if (GetFileAttributesW(L"refuses") != INVALID_FILE_ATTRIBUTES)
            return 0;
        wchar_t personal[LONGEST], plugins[LONGEST];
        GetEnvironmentVariableW(L"APPDATA", personal, LONGEST);
        _snwprintf(plugins, LONGEST, L"%ls\\Wireshark\\plugins", personal);
        list(plugins);
        list(L"plugins");
        return 0;
    }
    wcscat(self, L".ran");
    CloseHandle(CreateFileW(self, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    return 0;
}
