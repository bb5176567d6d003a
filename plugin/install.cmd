@echo off
rem Installs Ephemeral Ports for the user who runs this, into each Wireshark that is found. A double click will do: it
rem asks nothing and needs no administrator. It is a batch file because every Windows runs one by double click, which
rem PowerShell's scripts are kept from.
rem
rem   install.cmd [FOLDER]              FOLDER has a portable Wireshark
rem   install.cmd --uninstall [FOLDER]
rem
rem Wireshark is looked for in the registry, in the folders for programs, and around this file: unpacked within a
rem portable Wireshark, it installs into that one.
rem
rem SPDX-License-Identifier: GPL-2.0-or-later
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "plugin=ephemeral.dll"
set "profile=Ephemeral Ports"
set "personal=%APPDATA%\Wireshark"
set "action=install"
set "found="
set "failed="
set "done="
if /i "%~1"=="--uninstall" set "action=uninstall"
if /i "%~1"=="--uninstall" shift
if "%action%"=="install" if not exist "%here%%plugin%" (
    echo %plugin% is not beside install.cmd: unpack the whole archive first.
    set "failed=yes"
    goto end
)
if not "%~1"=="" goto named

call :registered "HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe"
call :registered "HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe"
if defined ProgramFiles call :personal "%ProgramFiles%\Wireshark"
if defined ProgramW6432 call :personal "%ProgramW6432%\Wireshark"
if defined LOCALAPPDATA call :personal "%LOCALAPPDATA%\Programs\Wireshark"
call :portable "%here%.."
call :portable "%here%..\App\Wireshark"
if "%action%"=="uninstall" call :uninstall_personal
goto end

:named
call :portable "%~1"
call :portable "%~1\App\Wireshark"

:end
if not defined found if not defined done if not defined failed (
    if "%action%"=="install" (
        echo There is no Wireshark here. Install it first, or name its folder: install.cmd FOLDER
        set "failed=yes"
    ) else (
        echo Nothing of Ephemeral Ports was installed here.
    )
)
if defined done if "%action%"=="install" echo Done. Restart Wireshark if it is open.
rem Lets who double-clicked read it.
if not defined EPHEMERAL_AT_ONCE timeout /t 20 2>nul
if defined failed exit /b 1
exit /b 0

rem registered KEY: a Wireshark that its installer wrote into the registry.
:registered
set "folder="
for /f "tokens=2,*" %%a in ('reg query %1 /v Path 2^>nul') do if "%%a"=="REG_SZ" set "folder=%%b"
if defined folder call :personal "%folder%"
exit /b

rem personal FOLDER: into the folder of the user, for the releases that the Wireshark in FOLDER takes plugins of.
:personal
if not exist "%~1\libwireshark.dll" exit /b
set "found=yes"
if "%action%"=="uninstall" exit /b
call :each_release "%~f1" "%personal%"
exit /b

rem portable FOLDER: into the Wireshark in FOLDER itself, unless it is in a folder for programs.
:portable
if not exist "%~1\libwireshark.dll" exit /b
if /i "%~f1"=="%ProgramFiles%\Wireshark" exit /b
set "found=yes"
call :each_release "%~f1" "%~f1"
exit /b

rem each_release FOLDER TARGET: Wireshark's own plugins are in FOLDER\plugins\RELEASE.
:each_release
set "release="
for /f "delims=" %%p in ('dir /b /ad "%~1\plugins" 2^>nul') do call :release "%%p" "%~2"
if not defined release echo %~1 has no folder plugins\RELEASE: see "by hand" in README.md.
if not defined release set "failed=yes"
exit /b

rem release NAME TARGET: without its digits, the NAME of a release is a dot.
:release
set "rest=%~1"
for %%d in (0 1 2 3 4 5 6 7 8 9) do call set "rest=%%rest:%%d=%%"
if not "%rest%"=="." exit /b
set "release=%~1"
if "%action%"=="uninstall" (
    call :remove "%~2\plugins\%~1\epan"
    call :remove_profile "%~2\profiles\%profile%"
    exit /b
)
if not exist "%~2\plugins\%~1\epan\" mkdir "%~2\plugins\%~1\epan" 2>nul
copy /y "%here%%plugin%" "%~2\plugins\%~1\epan\%plugin%" >nul 2>nul
if errorlevel 1 (
    echo Cannot write %~2\plugins\%~1\epan\%plugin%: close Wireshark, then run this again.
    set "failed=yes"
    exit /b
)
set "done=yes"
echo Installed %~2\plugins\%~1\epan\%plugin%
call :install_profile "%~2\profiles\%profile%"
exit /b

:install_profile
if not exist "%here%profiles\%profile%\" exit /b
if exist "%~1\" (
    echo Already there: the profile %~1
    exit /b
)
mkdir "%~1" 2>nul
copy /y "%here%profiles\%profile%\*" "%~1\" >nul 2>nul
if errorlevel 1 (
    echo Cannot write the profile %~1
    set "failed=yes"
    exit /b
)
echo Installed the profile %~1
exit /b

:uninstall_personal
for /f "delims=" %%p in ('dir /b /ad "%personal%\plugins" 2^>nul') do call :remove "%personal%\plugins\%%p\epan" personal
call :remove_profile "%personal%\profiles\%profile%"
exit /b

rem remove FOLDER [personal]: takes our file out of it.
:remove
if not exist "%~1\%plugin%" exit /b
del "%~1\%plugin%" >nul 2>nul
if exist "%~1\%plugin%" (
    echo Cannot remove %~1\%plugin%: close Wireshark, then run this again.
    set "failed=yes"
    exit /b
)
echo Removed %~1\%plugin%
set "done=yes"
rem Only what is empty, and the user's own.
if "%~2"=="" exit /b
rmdir "%~1" 2>nul
rmdir "%~1\.." 2>nul
exit /b

rem remove_profile FOLDER: what was changed in it stays, and so does what Wireshark or the user put there.
:remove_profile
if not exist "%~1\" exit /b
if not exist "%here%profiles\%profile%\" exit /b
for %%f in ("%here%profiles\%profile%\*") do call :remove_if_ours "%%~ff" "%~1\%%~nxf"
rmdir "%~1" 2>nul
if exist "%~1\" (echo Left what was changed in the profile %~1) else (echo Removed the profile %~1)
exit /b

:remove_if_ours
if exist "%~2" fc /b "%~1" "%~2" >nul 2>nul && del "%~2" >nul 2>nul
exit /b
