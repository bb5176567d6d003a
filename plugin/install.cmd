@echo off
rem Installs Ephemeral Ports for the user who runs this. A double click is enough: it asks nothing and needs no
rem administrator. It is a batch file because Windows runs batch files by double click, but not PowerShell scripts.
rem
rem   install.cmd [FOLDER]              installs into the portable Wireshark in FOLDER
rem   install.cmd --uninstall [FOLDER]
rem   install.cmd --check [FOLDER]      says what is installed where, and whether Wireshark loads it, for a report
rem
rem The script looks for Wireshark in the registry, in the folders for programs, and around this file: if the archive was
rem unpacked within a portable Wireshark, it installs into that one. It puts the plugin into the user's own folder for
rem every supported release, so that an upgraded Wireshark finds it. It asks each tshark.exe whether it loads the plugin.
rem
rem Paths can have any of the characters that are special in a batch file. So they stay in variables, and are always
rem within quotes. They are never an argument of CALL or part of the command of FOR /F, which expand them a second time.
rem FOR takes files from the current folder, by name. Delayed expansion is off, because it would remove exclamation marks.
rem Programs are run from the system's folder, not from the current folder or PATH.
rem
rem SPDX-FileCopyrightText: The Ephemeral Ports authors
rem SPDX-License-Identifier: GPL-2.0-or-later
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "plugin=ephemeral.dll"
set "profile=Ephemeral Ports"
set "releases=3.4 3.6 4.0 4.2 4.4 4.6 4.7"
rem These releases then say that the file is for an older Wireshark. Without a file they say nothing.
set "next_releases=4.8 5.0"
set "system=%SystemRoot%\System32"
set "action=install"
set "named="
set "personal="
set "failed="
set "done="
set "profiled="
set "previous="
set "accepted="
if /i "%~1"=="--uninstall" (
    set "action=uninstall"
    shift /1
)
if /i "%~1"=="--check" (
    set "action=check"
    shift /1
)
if not "%~1"=="" set "named=%~f1"
rem A variable can have quotes around its path.
if defined APPDATA set "personal=%APPDATA:"=%\Wireshark"
if defined WIRESHARK_CONFIG_DIR set "personal=%WIRESHARK_CONFIG_DIR:"=%"
if not defined personal (
    echo There is no folder for the settings of programs: APPDATA is not set.
    set "failed=yes"
    goto end
)
if "%action%"=="install" if not exist "%here%%plugin%" (
    echo %plugin% is not beside install.cmd: unpack the whole archive first.
    set "failed=yes"
    goto end
)
cd /d "%system%" 2>nul
if errorlevel 1 (
    echo The folder of the system is not where SystemRoot says.
    set "failed=yes"
    goto end
)
if "%action%"=="check" (
    ver
    echo Processor: %PROCESSOR_ARCHITECTURE%
)
if defined named goto named

set "key=HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe"
call :registered
set "key=HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe"
call :registered
if defined ProgramFiles set "folder=%ProgramFiles:"=%\Wireshark"
if defined ProgramFiles call :personal
if defined ProgramW6432 set "folder=%ProgramW6432:"=%\Wireshark"
if defined ProgramW6432 call :personal
if defined LOCALAPPDATA set "folder=%LOCALAPPDATA:"=%\Programs\Wireshark"
if defined LOCALAPPDATA call :personal
if defined accepted call :put_for_next_releases
set "folder=%here%.."
call :portable
set "folder=%here%..\App\Wireshark"
call :portable
if "%action%"=="uninstall" call :uninstall_personal
if "%action%"=="check" (
    set "into=%personal%"
    call :check_files
)
goto end

:named
set "folder=%named%"
call :portable
set "folder=%named%\App\Wireshark"
call :portable

:end
if defined done goto told
if defined failed goto told
if "%action%"=="check" (
    echo No Wireshark loads it.
    set "failed=yes"
    goto told
)
if "%action%"=="uninstall" (
    echo Nothing of Ephemeral Ports was installed here.
    goto told
)
echo There is no Wireshark here. Install it first, or name its folder: install.cmd FOLDER
set "failed=yes"
:told
if not "%action%"=="install" goto wait
if not defined done goto wait
echo.
echo Done. What to do next:
echo   1. Start Wireshark; if it is open, close it first.
echo   2. Choose the profile "%profile%" in the lower right corner of its window.
if exist "%here%sample.pcap" echo   3. Open "%here%sample.pcap": the port 1140 is not called "autonoc".
:wait
rem Gives a user who double-clicked time to read the output.
if not defined EPHEMERAL_AT_ONCE "%system%\timeout.exe" /t 60 2>nul
if defined failed exit /b 1
exit /b 0

rem registered: finds the Wireshark that its installer registered below %key%.
:registered
set "folder="
rem The current folder is the system's folder.
for /f "tokens=2,*" %%a in ('.\reg.exe query "%key%" /v Path 2^>nul') do if "%%a"=="REG_SZ" set "folder=%%b"
if defined folder call :personal
exit /b

rem personal: installs into the user's folder, from which the Wireshark in %folder% loads plugins.
:personal
if not exist "%folder%\libwireshark.dll" exit /b
for %%f in ("%folder%\.") do set "folder=%%~ff"
if /i "%folder%"=="%previous%" exit /b
set "previous=%folder%"
if "%action%"=="uninstall" exit /b
call :look_at_release
if not defined release exit /b
set "into=%personal%"
if "%action%"=="check" goto check
call :install
if not defined taken exit /b
for %%r in (%releases%) do call :put_for %%r
set "accepted=yes"
echo Installed in "%into%\plugins" for each release that it supports: %releases%
exit /b

rem portable: installs into the Wireshark in %folder% itself, unless it is in a folder for programs.
:portable
if not exist "%folder%\libwireshark.dll" exit /b
for %%f in ("%folder%\.") do set "folder=%%~ff"
if /i "%folder%"=="%ProgramFiles%\Wireshark" exit /b
set "into=%folder%"
if "%action%"=="uninstall" goto uninstall_portable
call :look_at_release
if not defined release exit /b
if "%action%"=="check" (
    call :check
    goto check_files
)
call :install
if defined taken echo Installed "%epan%\%plugin%"
exit /b

:uninstall_portable
for %%r in (%releases%) do call :remove_release %%r
set "target=%into%\profiles\%profile%"
call :remove_profile
exit /b

rem look_at_release: finds the release of the Wireshark in %folder%, by the folder of its own plugins.
:look_at_release
set "release="
for %%r in (%releases%) do if exist "%folder%\plugins\%%r\" set "release=%%r"
if defined release exit /b
for %%r in (%next_releases%) do if exist "%folder%\plugins\%%r\" set "refused_%%r=yes"
echo The Wireshark in "%folder%" is of no release that this file supports: %releases%.
set "failed=yes"
exit /b

rem check: whether the Wireshark in %folder% loads the plugin; `done` is set if it does.
:check
echo Wireshark %release% in "%folder%"
if not exist "%folder%\tshark.exe" (
    echo   has no tshark.exe to ask: see Help, About Wireshark, Plugins
    exit /b
)
pushd "%folder%"
.\tshark.exe --version 2>nul <nul | "%system%\findstr.exe" /c:"TShark"
.\tshark.exe -G plugins 2>nul <nul | "%system%\findstr.exe" /i /c:"%plugin%"
set "loads=%errorlevel%"
popd
if "%loads%"=="0" (
    echo   loads it, as the line above says
    set "done=yes"
) else (
    echo   does not load it
)
exit /b

rem check_files: prints our files in %into%, and whether they are the same as those beside this file. fc compares a DLL byte
rem by byte.
:check_files
if exist "%into%\plugins\" (
    pushd "%into%\plugins"
    for /d %%r in (*) do if exist "%%r\epan\%plugin%" (
        for %%f in ("%%r\epan\%plugin%") do echo File: %%~zf bytes of %%~tf, "%into%\plugins\%%r\epan\%plugin%"
        if exist "%here%%plugin%" "%system%\fc.exe" "%here%%plugin%" "%%r\epan\%plugin%" >nul 2>nul || echo   is not the one beside install.cmd
    )
    popd
)
set "target=%into%\profiles\%profile%"
if not exist "%target%\" (
    echo No profile "%target%"
    exit /b
)
echo Profile: "%target%"
if not exist "%here%profiles\%profile%\" exit /b
call :compare_profile
if defined changed (echo   was changed) else echo   is as it was installed
exit /b

rem install: installs plugin and profile into %into%, for the Wireshark in %folder%. Sets `taken` if that Wireshark loads the
rem plugin. If it does not, takes the plugin out again, because Wireshark would report an error at each start.
:install
set "taken="
set "epan=%into%\plugins\%release%\epan"
if not exist "%folder%\tshark.exe" if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" (
    echo This file is for x64, and this Windows is for ARM64. Without tshark.exe in "%folder%"
    echo nothing tells which of them its Wireshark is for: nothing was installed.
    set "failed=yes"
    exit /b
)
if exist "%epan%\%plugin%" copy /y "%epan%\%plugin%" "%epan%\%plugin%.before" >nul 2>nul
call :put
if not defined put exit /b
if not exist "%folder%\tshark.exe" (
    echo Not checked, as there is no tshark.exe in "%folder%": see Help, About Wireshark, Plugins.
    goto taken
)
rem The path of tshark.exe must not be in the line with the pipe, because both sides of a pipe are expanded twice.
pushd "%folder%"
.\tshark.exe -G plugins 2>nul <nul | "%system%\findstr.exe" /i /c:"%plugin%" >nul
set "loads=%errorlevel%"
popd
if "%loads%"=="0" goto loaded
if exist "%epan%\%plugin%.before" move /y "%epan%\%plugin%.before" "%epan%\%plugin%" >nul 2>nul
if not exist "%epan%\%plugin%.before" if not defined replaced del "%epan%\%plugin%" >nul 2>nul
rmdir "%epan%" 2>nul
rmdir "%into%\plugins\%release%" 2>nul
rmdir "%into%\plugins" 2>nul
echo NOT loaded by Wireshark %release% in "%folder%", so it was taken out again. Is that Wireshark for x64?
set "failed=yes"
exit /b
:loaded
echo Loaded by Wireshark %release% in "%folder%"
:taken
if exist "%epan%\%plugin%.before" del "%epan%\%plugin%.before" >nul 2>nul
set "taken=yes"
set "done=yes"
if not defined profiled call :install_profile
set "profiled=yes"
exit /b

rem put_for RELEASE: puts the plugin into the folder of that release.
:put_for
set "epan=%into%\plugins\%1\epan"
call :put
exit /b

rem put_for_next_releases: puts the plugin into the user's folder for each of the next releases.
:put_for_next_releases
set "next_put="
for %%r in (%next_releases%) do call :put_for_next %%r
if defined next_put echo Installed in "%personal%\plugins" for%next_put% as well: these will say that they need a newer plugin
exit /b

rem put_for_next RELEASE: does the same for a release that the file does not support. A file that is already there stays,
rem because it may have been built for that release. A release that was already refused is left out.
:put_for_next
if defined refused_%1 exit /b
set "epan=%personal%\plugins\%1\epan"
if exist "%epan%\%plugin%" exit /b
call :put
set "next_put=%next_put% %1"
exit /b

rem put: puts the plugin into %epan%. Sets `put` if that succeeds, and `replaced` if a file was there before.
:put
set "put="
set "replaced="
if exist "%epan%\%plugin%" set "replaced=yes"
if not exist "%epan%\" mkdir "%epan%" 2>nul
copy /y "%here%%plugin%" "%epan%\%plugin%" >nul 2>nul
if errorlevel 1 (
    echo Cannot write "%epan%\%plugin%": close Wireshark, then run this again.
    set "failed=yes"
    exit /b
)
set "put=yes"
exit /b

:install_profile
set "target=%into%\profiles\%profile%"
if not exist "%here%profiles\%profile%\" exit /b
if not exist "%target%\" goto new_profile
call :compare_profile
if not defined changed (
    echo Already there: the profile "%target%"
    exit /b
)
call :set_aside
if exist "%target%\" exit /b
:new_profile
mkdir "%target%" 2>nul
copy /y "%here%profiles\%profile%\*" "%target%\" >nul 2>nul
if errorlevel 1 (
    echo Cannot write the profile "%target%"
    set "failed=yes"
    exit /b
)
echo Installed the profile "%target%"
exit /b

rem compare_profile: sets `changed` if the profile in %target% is not the one beside this file. Wireshark keeps window sizes
rem and the like in the files recent and recent_common. They are not settings of the user.
:compare_profile
set "changed="
pushd "%here%profiles\%profile%"
for %%f in (*) do if /i not "%%f"=="recent" (
    "%system%\fc.exe" "%%f" "%target%\%%f" >nul 2>nul || set "changed=yes"
)
popd
rem Any other file is the user's as well.
pushd "%target%"
for %%f in (*) do if /i not "%%f"=="recent" if /i not "%%f"=="recent_common" (
    if not exist "%here%profiles\%profile%\%%f" set "changed=yes"
)
for /d %%f in (*) do set "changed=yes"
popd
exit /b

rem set_aside: renames the profile in %target% to a backup.
:set_aside
set "backup="
for /l %%n in (99,-1,1) do if not exist "%target%.backup-%%n" set "backup=%target%.backup-%%n"
if defined backup move "%target%" "%backup%" >nul 2>nul
if exist "%target%\" (
    echo Cannot move your profile "%target%" out of the way
    set "failed=yes"
    exit /b
)
echo Your profile was changed: it is kept as "%backup%"
exit /b

rem uninstall_personal: removes the plugin from the user's folders of all releases, and the profile.
:uninstall_personal
if not exist "%personal%\plugins\" goto uninstall_profile
pushd "%personal%\plugins"
for /d %%p in (*) do (
    set "epan=%personal%\plugins\%%p\epan"
    call :remove_personal
)
popd
rmdir "%personal%\plugins" 2>nul
:uninstall_profile
set "target=%personal%\profiles\%profile%"
call :remove_profile
exit /b

rem remove_personal: removes the plugin from %epan%, and then the folders that are empty.
:remove_personal
call :remove
if not exist "%epan%\%plugin%" rmdir "%epan%" 2>nul
rmdir "%epan%\.." 2>nul
exit /b

rem remove_release RELEASE: takes our file out of %into%.
:remove_release
set "epan=%into%\plugins\%1\epan"

rem remove: takes our file out of %epan%.
:remove
if not exist "%epan%\%plugin%" exit /b
del "%epan%\%plugin%" >nul 2>nul
if exist "%epan%\%plugin%" (
    echo Cannot remove "%epan%\%plugin%": close Wireshark, then run this again.
    set "failed=yes"
    exit /b
)
echo Removed "%epan%\%plugin%"
set "done=yes"
exit /b

rem remove_profile: removes the profile in %target%. A changed profile is kept whole, under another name.
:remove_profile
if not exist "%target%\" exit /b
if not exist "%here%profiles\%profile%\" exit /b
call :compare_profile
set "done=yes"
if defined changed goto set_aside
rem The folder has no other files.
del /q "%target%\*" >nul 2>nul
rmdir "%target%" 2>nul
if exist "%target%\" (
    echo Cannot remove the profile "%target%"
    set "failed=yes"
    exit /b
)
echo Removed the profile "%target%"
exit /b
